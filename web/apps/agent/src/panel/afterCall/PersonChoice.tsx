import Button from "@cloudscape-design/components/button";
import RadioGroup from "@cloudscape-design/components/radio-group";
import type { FiledCall } from "@sotto/api";
import { GraphqlRefused } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useState } from "react";
import type { Session } from "@sotto/call";
import { useWording } from "../../messages";

/** Nobody of them: what the server takes for it. */
const NOBODY = "";

/** Several people have the caller's number: one of them, or nobody. Arrow keys go through them, Enter files the call. */
export function PersonChoice({ filed, session }: { filed: FiledCall; session: Session }) {
  const { t } = useWording();
  const [person, setPerson] = useState<string | null>(null);
  const [state, setState] = useState<"idle" | "sending" | "sent" | "failed" | "refused">("idle");
  const send = async () => {
    if (person === null) return;
    setState("sending");
    try {
      await session.choosePerson(filed.system, person);
      setState("sent");
    } catch (error) {
      setState(error instanceof GraphqlRefused ? "refused" : "failed");
    }
  };
  const options = filed.persons.map((each) => ({ value: each.id, label: each.label || t.filing.unnamed, description: each.address !== null && <PersonLink address={each.address} system={filed.title} /> }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset className="person-choice" disabled={state === "sending" || state === "sent"}>
        <legend>{t.filing.whose}</legend>
        <RadioGroup value={person} ariaLabel={t.filing.whose} items={[...options, { value: NOBODY, label: t.filing.nobody }]} onChange={({ detail }) => setPerson(detail.value)} />
        {filed.hasMore && <p className="quiet">{fill(t.filing.more, { system: filed.title })}</p>}
        <Button formAction="submit" variant="primary" loading={state === "sending"} disabled={person === null || state === "sent"}>
          {t.filing.choose}
        </Button>
      </fieldset>
      <p role="status" className="quiet">
        {state === "sent" ? t.filing.sent : state === "failed" ? t.filing.failed : state === "refused" ? t.filing.refused : ""}
      </p>
    </form>
  );
}

function PersonLink({ address, system }: { address: string; system: string }) {
  const { t } = useWording();
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {fill(t.filing.look, { system })}
    </a>
  );
}
