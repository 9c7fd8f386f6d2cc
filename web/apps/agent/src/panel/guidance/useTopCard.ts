import { useEffect, useState } from "react";
import { chooseFront, dwellEndsAt, type Front } from "../../call/topCard";
import type { Note } from "../../call/state";

/** The card in front: what the agent opened or is using, else the most important, changed no faster than one can read. */
export function useFront(cards: readonly Note[], opened: string | null, held: string | null, clock: () => number): Note | undefined {
  const [front, setFront] = useState<Front | null>(null);
  const [, wake] = useState(0);
  const now = clock();
  const next = chooseFront(cards, { opened, held, before: front, now });
  if (next?.id !== front?.id) setFront(next);
  const until = dwellEndsAt(next);
  useEffect(() => {
    if (until === null || until <= clock()) return;
    const timer = setTimeout(() => wake((n) => n + 1), until - clock());
    return () => clearTimeout(timer);
  }, [until, clock]);
  return cards.find((card) => card.id === next?.id);
}
