import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { LiveContact } from "@sotto/api";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../messages";

/** What was missed, the latest moments of high severity, and how many more of these there were. */
export function Attention({ contact }: { contact: LiveContact }) {
  const { t } = useWording();
  const more = contact.riskCount - contact.riskMoments.length;
  if (contact.missedSteps.length === 0 && contact.riskCount === 0) return <>{t.none}</>;
  return (
    <ul className="plain-list">
      {contact.missedSteps.map((title) => (
        <li key={title} className="missed-step">
          <StatusIndicator type="warning">{fill(t.live.missed, { title })}</StatusIndicator>
        </li>
      ))}
      {contact.riskMoments.map((risk) => (
        <li key={`${risk.name}/${risk.atMs}`} className="risk">
          <StatusIndicator type="error">
            <time>{callTime(risk.atMs)}</time> {risk.title}
          </StatusIndicator>
        </li>
      ))}
      {more > 0 && <li className="quiet">{fill(t.live.moreRisks, { count: more })}</li>}
    </ul>
  );
}
