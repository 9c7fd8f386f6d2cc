import { Disclosure, fill } from "@sotto/ui";
import { useState } from "react";
import { IN_SIGHT, type ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";
import { OtherCard } from "./OtherCard";
import "./OtherCards.css";

/** The cards below the top one. More than two lines are a list to read, and nobody reads a list while somebody speaks. */
export function OtherCards({ cards, onOpen }: { cards: readonly ShownAnnotation[]; onOpen: (id: string) => void }) {
  const { t } = useWording();
  const [showAll, setShowAll] = useState(false);
  if (cards.length === 0) return null;
  const more = cards.length - (IN_SIGHT - 1);
  const shown = showAll ? cards : cards.slice(0, IN_SIGHT - 1);
  return (
    <div className="others">
      <ol>
        {shown.map((annotation, index) => (
          <li key={annotation.id}>
            <OtherCard annotation={annotation} shortcut={index + 2} onOpen={() => onOpen(annotation.id)} />
          </li>
        ))}
      </ol>
      {more > 0 && (
        <Disclosure isOpen={showAll} onToggle={() => setShowAll(!showAll)}>
          {showAll ? t.fewer : fill(t.more, { count: more })}
        </Disclosure>
      )}
    </div>
  );
}
