import { useEffect, useRef, useState } from "react";

/** At most one announcement in this time, and then the newest: an agent hears a customer at the same time. */
const MIN_INTERVAL_MS = 6_000;
/** Several texts often follow each other at once; only the one that stays is announced. */
const SETTLE_MS = 600;

/** Announces a text to a screen reader when it changes, politely and not too often. */
export function LiveRegion({ text }: { text: string }) {
  return (
    <div className="offscreen" aria-live="polite" aria-atomic="true">
      {useThrottled(text)}
    </div>
  );
}

function useThrottled(text: string): string {
  const [announced, setAnnounced] = useState("");
  const announcedAt = useRef(-MIN_INTERVAL_MS);
  useEffect(() => {
    if (text === announced) return;
    const wait = Math.max(SETTLE_MS, announcedAt.current + MIN_INTERVAL_MS - performance.now());
    const timer = setTimeout(() => {
      announcedAt.current = performance.now();
      setAnnounced(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, announced]);
  return announced;
}
