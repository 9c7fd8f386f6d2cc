import type { LiveContact } from "@sotto/api";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../../messages";
import "./LiveContactRisks.css";

/** What was missed, the latest moments of high severity, and how many more of these there were. */
export function LiveContactRisks({ contact }: { contact: LiveContact }) {
  const { t } = useWording();
  const more = contact.riskCount - contact.riskMoments.length;
  return (
    <span className="risks">
      {contact.missedSteps.map((title) => (
        <span key={title} className="missed-step">
          {fill(t.missedStep, { title })}
        </span>
      ))}
      {contact.riskMoments.map((risk) => (
        <span key={`${risk.name}/${risk.atMs}`} className="risk">
          <time>{callTime(risk.atMs)}</time> {risk.title}
        </span>
      ))}
      {more > 0 && <span className="quiet">{fill(t.moreRisks, { count: more })}</span>}
    </span>
  );
}
