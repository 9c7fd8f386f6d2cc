import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { CallSummary } from "@sotto/api";
import { type CallState, promiseDay, summaryParts } from "@sotto/call";
import { fill } from "@sotto/ui";
import { type Wording, useWording } from "../messages";
import { LineLinks } from "./LineLinks";
import "./SummaryPanel.css";

/** What the call was about, who says so, and the words behind each line. */
export function SummaryPanel({ call, contactId }: { call: CallState; contactId: string }) {
  const wording = useWording();
  const { t } = wording;
  const { summary } = call;
  return (
    <Container header={<Header variant="h2" description={summary ? originOf(summary, wording) : ""}>{t.conversation.summary}</Header>}>
      {summary === null && <p className="quiet">{t.conversation.summaryNone}</p>}
      {summary &&
        summaryParts(summary).map(([part, lines]) => (
          <section key={part} className="summary-part" aria-label={t.conversation.summaryParts[part]}>
            <h3>{t.conversation.summaryParts[part]}</h3>
            <ul className="plain-list">
              {lines.map((line) => (
                <li key={line.text}>
                  {line.text} <span className="quiet">{promiseOf(line, wording)}</span>
                  <LineLinks contactId={contactId} ids={line.utteranceIds} utterances={call.utterances} />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </Container>
  );
}

function originOf(summary: CallSummary, { t }: Wording): string {
  const { origin, model, editedBy } = summary;
  if (origin === "EDITED") return fill(t.conversation.summaryEdited, { agent: editedBy ?? t.agent });
  return origin === "MODEL" ? fill(t.conversation.summaryWritten, { model }) : t.conversation.summaryQuoted;
}

function promiseOf({ owner, due }: CallSummary["lines"][number], { t, locale }: Wording): string {
  const who = owner ? { CUSTOMER: t.customer, AGENT: t.agent, SYSTEM: t.system }[owner] : "";
  return [who, due ? fill(t.conversation.promiseDue, { day: promiseDay(due, locale) }) : ""].filter(Boolean).join(", ");
}
