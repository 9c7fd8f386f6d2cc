import { useEffect, useState } from "react";

const MINUTE_MS = 60_000;

/** The time, Unix epoch ms, anew each minute while somebody can see the page. */
export function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const ticking = setInterval(() => document.visibilityState === "visible" && setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(ticking);
  }, []);
  return now;
}
