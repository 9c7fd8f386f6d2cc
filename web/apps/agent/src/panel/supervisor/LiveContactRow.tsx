import type { LiveContact } from "@sotto/api";
import { isAtRisk } from "@sotto/realtime";
import { LiveCall, type LiveCallFacts } from "@sotto/ui";
import { speakerName, toneOf } from "@sotto/call";
import { type Wording, useWording } from "../../messages";
import { LiveContactRisks } from "./LiveContactRisks";

export function LiveContactRow({ contact, onFollow }: { contact: LiveContact; onFollow: () => void }) {
  const { t } = useWording();
  return (
    <LiveCall call={factsOf(contact, t)} clockLabel={t.callClock} onOpen={onFollow}>
      <LiveContactRisks contact={contact} />
    </LiveCall>
  );
}

function factsOf(contact: LiveContact, t: Wording["t"]): LiveCallFacts {
  const { lastWords, mood } = contact;
  const word = mood === null ? null : t.sentimentWords[toneOf(mood)];
  return {
    id: contact.contactId,
    agent: nameOf(contact),
    about: [contact.team, contact.queue, contact.caller, contact.reason].flatMap((part) => (part ? [part] : [])),
    since: contact.startedAtMs,
    mood: mood === null || word === null ? null : { tone: toneOf(mood), word, spoken: `${t.sentiment}: ${word}` },
    isAtRisk: isAtRisk(contact),
    lastWords: lastWords && { who: lastWords.speaker === "AGENT" ? nameOf(contact) : speakerName(lastWords.speaker, t), text: lastWords.text },
  };
}

function nameOf(contact: LiveContact): string {
  return contact.agentName ?? contact.agent;
}
