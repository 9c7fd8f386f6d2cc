import type { Wait } from "@sotto/api";
import { CallClock } from "@sotto/ui";
import { useWording } from "../../messages";
import "./WaitMark.css";

interface Props {
  waits: readonly Wait[];
  /** When the call began, in epoch ms of this machine. */
  zeroAt: number;
}

/** That the customer waits, for an agent or on hold, and for how long; nothing while they are talked to. */
export function WaitMark({ waits, zeroAt }: Props) {
  const { t } = useWording();
  const open = waits.find((wait) => wait.untilMs === null);
  const label = open?.isHold ? t.onHold : t.waiting;
  return (
    <span className="wait-mark">
      <span role="status">{open ? label : ""}</span>
      {open && <CallClock label={t.waitClock} since={zeroAt + open.fromMs} stoppedAtMs={null} />}
    </span>
  );
}
