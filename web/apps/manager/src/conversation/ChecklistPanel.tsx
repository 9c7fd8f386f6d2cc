import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { CallState } from "@sotto/call";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { LineLinks } from "./LineLinks";

const INDICATOR = { OPEN: "pending", DONE: "success", MISSED: "warning" } as const;

/** The steps of the call, each with the words that ticked it. */
export function ChecklistPanel({ call, contactId }: { call: CallState; contactId: string }) {
  const { t } = useWording();
  const { checklist } = call;
  const done = checklist.filter((item) => item.state === "DONE").length;
  const counter = checklist.length === 0 ? "" : fill(t.conversation.checklistCount, { done, total: checklist.length });
  return (
    <Container header={<Header variant="h2" counter={counter}>{t.conversation.checklist}</Header>}>
      {checklist.length === 0 && <p className="quiet">{t.conversation.checklistNone}</p>}
      <ul className="plain-list" data-checklist>
        {checklist.map((item) => (
          <li key={`${item.checklist}/${item.name}`}>
            <StatusIndicator type={INDICATOR[item.state]} iconAriaLabel={t.conversation.checklistState[item.state]}>
              {item.title}
            </StatusIndicator>
            {item.doneBy !== null && <LineLinks contactId={contactId} ids={[item.doneBy]} utterances={call.utterances} />}
          </li>
        ))}
      </ul>
    </Container>
  );
}
