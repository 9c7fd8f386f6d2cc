import { Disclosure, PlainButton, callTime, fill } from "@sotto/ui";
import { useState } from "react";
import { type CallState, isHandled, outcomeOf, type ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";
import "./EarlierCards.css";

interface Props {
  cards: readonly ShownAnnotation[];
  call: CallState;
  /** null: for a supervisor, who only reads. */
  onRestore: (id: string) => void;
}

/** The cards that have left, for the agent who looks for one again. */
export function EarlierCards({ cards, call, onRestore }: Props) {
  const { t } = useWording();
  const [isOpen, setOpen] = useState(false);
  if (cards.length === 0) return null;
  return (
    <div className="earlier-cards">
      <Disclosure isOpen={isOpen} onToggle={() => setOpen(!isOpen)}>
        {fill(t.earlier, { count: cards.length })}
      </Disclosure>
      {isOpen && (
        <ul>
          {cards.map((annotation) => (
            <li key={annotation.id}>
              <time>{callTime(annotation.atMs)}</time> <strong>{annotation.title || annotation.name}</strong>{" "}
              <span className="outcome">{t.outcome[outcomeOf(call, annotation.id)]}</span>{" "}
              {isHandled(call, annotation.id) && (
                <PlainButton className="restore" aria-label={fill(t.restore, { title: annotation.title || annotation.name })} onClick={() => onRestore(annotation.id)}>
                  {t.bringBack}
                </PlainButton>
              )}
              {annotation.reply && <p>{annotation.reply}</p>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
