import { fill } from "@sotto/ui";
import type { ServiceStatus } from "../../call/status";
import { type Wording, useWording } from "../../messages";
import "./StatusLabel.css";

export function StatusLabel({ status: { state, reason } }: { status: ServiceStatus }) {
  const { t } = useWording();
  const hint = hintFor(state, reason, t);
  return (
    <span className={`status ${state}`} title={hint} data-status={state}>
      <span className="dot" aria-hidden="true" />
      {t.status[state]}
      {hint && <span className="offscreen">. {hint}</span>}
    </span>
  );
}

function hintFor(state: ServiceStatus["state"], reason: string | undefined, t: Wording["t"]): string | undefined {
  if (reason === undefined) return undefined;
  if (reason === "connection") return t.statusHint.connection;
  return fill(state === "off" ? t.statusHint.refused : t.statusHint.other, { reason });
}
