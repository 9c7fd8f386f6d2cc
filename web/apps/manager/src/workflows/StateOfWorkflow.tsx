import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { WorkflowRowParts } from "@sotto/api";
import { useWording } from "../messages";

const KINDS: Readonly<Record<WorkflowRowParts["state"], StatusIndicatorProps.Type>> = {
  RUNNING: "in-progress",
  SLEEPING: "pending",
  WAITING: "warning",
  DONE: "success",
  FAILED: "error",
  CANCELLED: "stopped",
};

export function StateOfWorkflow({ state }: { state: WorkflowRowParts["state"] }) {
  const { t } = useWording();
  return <StatusIndicator type={KINDS[state]}>{t.workflows.states[state]}</StatusIndicator>;
}
