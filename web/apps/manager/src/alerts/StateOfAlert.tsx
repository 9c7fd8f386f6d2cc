import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AlertParts } from "@sotto/api";
import { useWording } from "../messages";

/** Whether it lasts, and whether somebody has it in hand. */
export function StateOfAlert({ alert }: { alert: Pick<AlertParts, "overAtMs" | "acknowledgedBy"> }) {
  const { t } = useWording();
  const lasting = alert.overAtMs === null ? t.alerts.states.open : t.alerts.states.over;
  if (alert.acknowledgedBy !== null) return <StatusIndicator type="success">{`${lasting}, ${t.alerts.states.acknowledged.toLowerCase()}`}</StatusIndicator>;
  return <StatusIndicator type={alert.overAtMs === null ? "warning" : "stopped"}>{lasting}</StatusIndicator>;
}
