import { useEffect, useState } from "react";
import { chooseTopCard, dwellEndsAt, type ShownAnnotation, type TopCard } from "@sotto/call";

/** The card on top: what the agent opened or is using, else the most important, changed no faster than one can read. */
export function useTopCard(cards: readonly ShownAnnotation[], opened: string | null, pinned: string | null, clock: () => number): ShownAnnotation | undefined {
  const [topCard, setTopCard] = useState<TopCard | null>(null);
  const [, wake] = useState(0);
  const now = clock();
  const next = chooseTopCard(cards, { opened, pinned, before: topCard, now });
  if (next?.id !== topCard?.id) setTopCard(next);
  const until = dwellEndsAt(next);
  useEffect(() => {
    if (until === null || until <= clock()) return;
    const timer = setTimeout(() => wake((n) => n + 1), until - clock());
    return () => clearTimeout(timer);
  }, [until, clock]);
  return cards.find((card) => card.id === next?.id);
}
