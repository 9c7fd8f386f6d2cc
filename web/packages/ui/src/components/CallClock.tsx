import { useEffect, useState } from "react";
import { callTime } from "../wording";

interface Props {
  label: string;
  /** When the call began, in epoch ms of this machine. */
  since: number;
  /** The call time at which it stands; null: it runs. */
  stoppedAtMs: number | null;
}

/** How long a call has lasted. A clock is no news: nothing announces it. */
export function CallClock({ label, since, stoppedAtMs }: Props) {
  const [now, setNow] = useState(() => Date.now());
  const isRunning = stoppedAtMs === null;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return (
    <time className="call-clock" role="timer" aria-label={label}>
      {callTime(stoppedAtMs ?? now - since)}
    </time>
  );
}
