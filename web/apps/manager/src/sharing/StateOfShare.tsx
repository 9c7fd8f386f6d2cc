import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { SharedMoment } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";

/** Whether the agent has acknowledged it, and when. */
export function StateOfShare({ moment }: { moment: Pick<SharedMoment, "acknowledgedAtMs"> }) {
  const { t, locale } = useWording();
  if (moment.acknowledgedAtMs === null) return <StatusIndicator type="pending">{t.sharing.waiting}</StatusIndicator>;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  return <StatusIndicator type="success">{fill(t.sharing.acknowledged, { at: date.format(moment.acknowledgedAtMs) })}</StatusIndicator>;
}
