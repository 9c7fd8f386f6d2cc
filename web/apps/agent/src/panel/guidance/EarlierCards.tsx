import { Disclosure, callTime, fill } from "@sotto/ui";
import { useState } from "react";
import { outcomeOf } from "../../call/cards";
import type { CallState, ShownAnnotation } from "../../call/state";
import { useWording } from "../../messages";
import "./EarlierCards.css";

/** The cards that have left, for the agent who looks for one again. */
export function EarlierCards({ cards, call }: { cards: readonly ShownAnnotation[]; call: CallState }) {
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
              <span className="outcome">{t.outcome[outcomeOf(call, annotation.id)]}</span>
              {annotation.reply && <p>{annotation.reply}</p>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
