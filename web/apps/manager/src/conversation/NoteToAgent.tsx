import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { type Contact, GraphqlRefused } from "@sotto/api";
import { MAX_NOTE_LENGTH, type Session, type View } from "@sotto/call";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";

type State = "idle" | "sending" | "failed" | "refused";

/** Where a supervisor writes to the agent, and what became of each note. */
export function NoteToAgent({ session, view, contact }: { session: Session; view: View; contact: Contact }) {
  const { t } = useWording();
  const [text, setText] = useState("");
  const [noteId, setNoteId] = useState(() => crypto.randomUUID());
  const [state, setState] = useState<State>("idle");
  const title = fill(t.conversation.noteTo, { name: contact.agentName ?? contact.agent ?? t.agent });
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
  const trouble = state === "failed" ? t.conversation.noteFailed : state === "refused" ? t.conversation.noteRefused : "";
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <FormField
          description={t.conversation.noteHint}
          errorText={trouble}
          stretch
          secondaryControl={
            <Button formAction="submit" loading={state === "sending"}>
              {t.conversation.send}
            </Button>
          }
        >
          <Input value={text} ariaLabel={title} nativeInputAttributes={{ maxLength: MAX_NOTE_LENGTH }} onChange={({ detail }) => setText(detail.value)} />
        </FormField>
      </form>
      <ul className="plain-list">
        {[...view.call.notes.values()].map((note) => (
          <li key={note.id} data-note-state={note.state}>
            {note.text} <span className="quiet">{t.conversation.noteStates[note.state]}</span>
          </li>
        ))}
      </ul>
    </Container>
  );
}
