import Button from "@cloudscape-design/components/button";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { type Absence, absenceOf } from "./recordings";
import type { KnownRecordings } from "./useRecording";

const INDICATOR: Record<Absence, StatusIndicatorProps.Type> = { unknown: "pending", none: "info", pending: "in-progress", quarantined: "warning", failed: "warning" };

/** Why nothing can be played, and what would have to happen. */
export function NoRecording({ known, isChat, onRetry }: { known: KnownRecordings; isChat: boolean; onRetry: () => void }) {
  const { t } = useWording();
  if (isChat) return <StatusIndicator type="info">{t.recording.ofChat}</StatusIndicator>;
  if (known === null) return null;
  if (known === "refused") return <StatusIndicator type="stopped">{t.recording.refused}</StatusIndicator>;
  if (known === "failed") {
    return (
      <>
        <StatusIndicator type="error">{t.recording.unreachable}</StatusIndicator>{" "}
        <Button variant="inline-link" onClick={onRetry}>
          {t.recording.retry}
        </Button>
      </>
    );
  }
  const absence = absenceOf(known);
  if (absence === null) return null;
  const why = known.find((each) => each.why !== null)?.why ?? "";
  const words = (t.recording.why as Record<string, string | undefined>)[why] ?? "";
  return (
    <div data-recording={absence}>
      <StatusIndicator type={INDICATOR[absence]} wrapText>
        {fill(t.recording.absent[absence], { why: words })}
      </StatusIndicator>
    </div>
  );
}
