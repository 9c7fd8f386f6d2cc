import Button from "@cloudscape-design/components/button";
import { fill } from "@sotto/ui";
import type { Session, View } from "@sotto/call";
import { useWording } from "../../messages";
import "./NoteCards.css";

/** What supervisors wrote to the agent, above everything else until it is done. */
export function NoteCards({ session, view }: { session: Session; view: View }) {
  const { t } = useWording();
  const open = [...view.call.notes.values()].filter((note) => note.state !== "DONE");
  return (
    <div role="status">
      {open.map((note) => (
        <article key={note.id} className={note.state === "SENT" ? "note-card new" : "note-card"} data-note={note.id}>
          <h2>{fill(t.noteFrom, { name: note.senderName })}</h2>
          <p>{note.text}</p>
          <div className="buttons">
            {note.state === "SENT" && <Button onClick={() => session.answerNote(note.id, "SEEN")}>{t.noteSeen}</Button>}
            <Button onClick={() => session.answerNote(note.id, "DONE")}>{t.done}</Button>
          </div>
        </article>
      ))}
    </div>
  );
}
