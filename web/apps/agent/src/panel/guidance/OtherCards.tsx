import { useState } from "react";
import { outcomeOf } from "../../call/cards";
import type { CallState, Note } from "../../call/state";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../../messages";

/** The cards behind the front one: a line each, one press away. */
export function OtherCards({ cards, onOpen }: { cards: readonly { note: Note; key: number }[]; onOpen: (id: string) => void }) {
  if (cards.length === 0) return null;
  return (
    <ol className="others">
      {cards.map(({ note, key }) => (
        <li key={note.id}>
          <button type="button" className={`other ${note.severity.toLowerCase()}`} onClick={() => onOpen(note.id)} data-annotation={note.id}>
            {key <= 9 && <kbd aria-hidden="true">{key}</kbd>}
            <span className="title">{note.title || note.name}</span>
            <time>{callTime(note.atMs)}</time>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** What has left, for the agent who looks for it again. */
export function EarlierCards({ cards, call }: { cards: readonly Note[]; call: CallState }) {
  const { t } = useWording();
  const [isOpen, setOpen] = useState(false);
  if (cards.length === 0) return null;
  return (
    <div className="gone">
      <button type="button" className="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true" className="twist">
          {isOpen ? "▾" : "▸"}
        </span>
        {fill(t.earlier, { count: cards.length })}
      </button>
      {isOpen && (
        <ul>
          {cards.map((note) => (
            <li key={note.id}>
              <time>{callTime(note.atMs)}</time> <strong>{note.title || note.name}</strong> <span className="outcome">{t.outcome[outcomeOf(call, note.id)]}</span>
              {note.reply && <p>{note.reply}</p>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
