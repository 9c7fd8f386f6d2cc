import { useEffect, useRef, useState } from "react";
import type { Note } from "../../call/state";
import type { Standing } from "../../call/status";
import { fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { KEYS } from "../keys";

/** At most one announcement in this time, and then the newest: an agent hears a customer at the same time. */
const PAUSE_MS = 6_000;
/** Several cards often come together; only the one that stays in front is told. */
const SETTLE_MS = 600;

/** Tells a screen reader which card is in front and when guidance stops or comes back; never the transcript. */
export function Announcer({ front, standing }: { front: Note | undefined; standing: Standing["state"] }) {
  const { t } = useWording();
  const isTroubled = standing === "delayed" || standing === "off";
  const reply = front?.reply ? ` ${fill(t.announceReply, { key: KEYS.copy })}` : "";
  const card = front ? fill(t.announceCard, { title: front.title || front.name }) + reply : "";
  const text = useUnhurried(isTroubled ? t.standing[standing] : card);
  return (
    <div className="offscreen" aria-live="polite" aria-atomic="true">
      {text}
    </div>
  );
}

function useUnhurried(wanted: string): string {
  const [said, setSaid] = useState("");
  const saidAt = useRef(-PAUSE_MS);
  useEffect(() => {
    if (wanted === said) return;
    const wait = Math.max(SETTLE_MS, saidAt.current + PAUSE_MS - performance.now());
    const timer = setTimeout(() => {
      saidAt.current = performance.now();
      setSaid(wanted);
    }, wait);
    return () => clearTimeout(timer);
  }, [wanted, said]);
  return said;
}
