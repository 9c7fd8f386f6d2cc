import { callTime } from "@sotto/ui";
import type { ShownAnnotation } from "../../call/state";
import "./OtherCards.css";

/** The cards below the top one: a line each, one press away. */
export function OtherCards({ cards, onOpen }: { cards: readonly { annotation: ShownAnnotation; key: number }[]; onOpen: (id: string) => void }) {
  if (cards.length === 0) return null;
  return (
    <ol className="others">
      {cards.map(({ annotation, key }) => (
        <li key={annotation.id}>
          <button type="button" className={`other ${annotation.severity.toLowerCase()}`} onClick={() => onOpen(annotation.id)} data-annotation={annotation.id}>
            {key <= 9 && <kbd aria-hidden="true">{key}</kbd>}
            <span className="title">{annotation.title || annotation.name}</span>
            <time>{callTime(annotation.atMs)}</time>
          </button>
        </li>
      ))}
    </ol>
  );
}
