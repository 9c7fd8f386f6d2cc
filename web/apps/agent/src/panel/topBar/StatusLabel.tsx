import { fill } from "@sotto/ui";
import type { ServiceStatus } from "@sotto/call";
import { type Wording, useWording } from "../../messages";
import "./StatusLabel.css";

export function StatusLabel({ status }: { status: ServiceStatus }) {
  const { t } = useWording();
  const { state } = status;
  const hint = hintFor(status, t);
  return (
    <span className={`status ${state}`} title={hint} data-status={state}>
      <span className="dot" aria-hidden="true" />
      {t.status[state]}
      {hint && <span className="offscreen">. {hint}</span>}
    </span>
  );
}

function hintFor({ state, reason, part }: ServiceStatus, t: Wording["t"]): string | undefined {
  if (reason === undefined) return undefined;
  if (reason === "connection") return t.statusHint.connection;
  if (reason === "language") return t.statusHint.language;
  return fill(state === "off" && part === undefined ? t.statusHint.refused : t.statusHint.other, { reason });
}
