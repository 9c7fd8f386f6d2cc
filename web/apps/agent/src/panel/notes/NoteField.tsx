import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import { GraphqlRefused } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { MAX_NOTE_LENGTH, type Session, type View } from "@sotto/call";
import { useWording } from "../../messages";
import "./NoteField.css";

/** Where a supervisor writes to the agent, and what became of each note. */
export function NoteField({ session, view }: { session: Session; view: View }) {
  const { t } = useWording();
  const [text, setText] = useState("");
  const [noteId, setNoteId] = useState(() => crypto.randomUUID());
  const [state, setState] = useState<"idle" | "sending" | "failed" | "refused">("idle");
  const agent = view.call.contact?.agentName ?? view.call.contact?.agent ?? t.agent;
  const send = async () => {
    if (text.trim() === "" || state === "sending") return;
    setState("sending");
    try {
      await session.sendNote(noteId, text.trim());
      setText("");
      setNoteId(crypto.randomUUID());
      setState("idle");
    } catch (error) {
      // The text stays, and so does its id: one that arrived although its answer was lost is not doubled.
      setState(error instanceof GraphqlRefused ? "refused" : "failed");
    }
  };
  return (
    <section className="note-field" aria-label={fill(t.noteTo, { name: agent })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Input
          value={text}
          placeholder={fill(t.noteTo, { name: agent })}
          ariaLabel={fill(t.noteTo, { name: agent })}
          nativeInputAttributes={{ maxLength: MAX_NOTE_LENGTH }}
          onChange={({ detail }) => setText(detail.value)}
        />
        <Button formAction="submit" loading={state === "sending"} disabled={view.status.state === "ended"}>
          {t.send}
        </Button>
      </form>
      <p role="status" className="quiet">
        {state === "failed" ? t.noteFailed : state === "refused" ? t.noteRefused : ""}
      </p>
      <ul>
        {[...view.call.notes.values()].map((note) => (
          <li key={note.id} data-note-state={note.state}>
            {note.text} <span className="quiet">{t.noteStates[note.state]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
