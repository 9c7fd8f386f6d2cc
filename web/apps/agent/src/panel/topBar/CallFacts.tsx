import type { View } from "@sotto/call";
import "./CallFacts.css";
import { CallLanguage } from "./CallLanguage";
import { TalkShare } from "./TalkShare";

/** Who is calling, why and where to, as far as the tenant lets agents see it; and how the talking goes. */
export function CallFacts({ view }: { view: View }) {
  const { contact, utterances } = view.call;
  const about = [contact?.reason, contact?.queue].filter(Boolean).join(" · ");
  return (
    <div className="facts">
      {contact?.caller && <strong>{contact.caller}</strong>}
      {about !== "" && <span className="about">{about}</span>}
      {contact && <CallLanguage contact={contact} />}
      <span className="spring" />
      {contact?.channel !== "CHAT" && <TalkShare utterances={utterances} waits={contact?.waits ?? []} />}
    </div>
  );
}
