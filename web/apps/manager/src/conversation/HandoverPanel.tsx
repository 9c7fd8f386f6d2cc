import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { CallSummary } from "@sotto/api";
import { useWording } from "../messages";

/** What was said with the agents before, as this agent was given it. */
export function HandoverPanel({ note }: { note: CallSummary }) {
  const { t } = useWording();
  return (
    <Container header={<Header variant="h2">{t.conversation.handover}</Header>}>
      <ul className="plain-list">
        {note.lines.map((line) => (
          <li key={`${line.part}/${line.text}`}>
            <span className="quiet">{t.conversation.summaryParts[line.part]}:</span> {line.text}
          </li>
        ))}
      </ul>
    </Container>
  );
}
