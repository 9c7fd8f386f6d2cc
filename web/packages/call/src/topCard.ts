import { weight } from "./cards";
import type { ShownAnnotation } from "./state";

export interface TopCard {
  readonly id: string;
  readonly since: number;
}

interface Choice {
  /** The card that the agent opened. */
  opened: string | null;
  /** The card that the agent's hand or focus is on. */
  pinned: string | null;
  before: TopCard | null;
  now: number;
}

/** A card that has come to the top stays there this long, so that nobody loses the place while reading. */
const DWELL_MS = 4_000;

/** Which of the ranked cards is on top. Only a graver one may cut short the time for reading. */
export function chooseTopCard(cards: readonly ShownAnnotation[], { opened, pinned, before, now }: Choice): TopCard | null {
  const find = (id: string | null | undefined) => cards.find((card) => card.id === id);
  const current = find(before?.id);
  const chosen = find(pinned) ?? find(opened) ?? cards[0];
  if (!chosen) return null;
  if (!before || !current) return { id: chosen.id, since: now };
  const isWanted = chosen.id === pinned || chosen.id === opened;
  const isReading = now - before.since < DWELL_MS && !(chosen.severity === "HIGH" && weight(chosen) > weight(current) && current.severity !== "HIGH");
  if (chosen.id === current.id || (isReading && !isWanted)) return before;
  return { id: chosen.id, since: now };
}

export function dwellEndsAt(topCard: TopCard | null): number | null {
  return topCard === null ? null : topCard.since + DWELL_MS;
}
