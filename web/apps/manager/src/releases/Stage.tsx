import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ReleaseStage } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";

const TYPES: Readonly<Record<ReleaseStage, StatusIndicatorProps.Type>> = {
  SET: "in-progress",
  TRAINED: "in-progress",
  JUDGED: "pending",
  APPROVED: "in-progress",
  SHADOW: "info",
  TRIAL: "in-progress",
  LIVE: "success",
  FAILED: "error",
  REFUSED: "stopped",
  TAKEN_BACK: "stopped",
};

/** Where a version stands on its way to all calls. */
export function Stage({ stage, percent }: { stage: ReleaseStage; percent: number }) {
  const { t } = useWording();
  return <StatusIndicator type={TYPES[stage]}>{fill(t.releases.stages[stage], { percent })}</StatusIndicator>;
}
