import { weight } from "./cards";
import type { Note } from "./state";

export interface Front {
  readonly id: string;
  readonly since: number;
}

interface Given {
  /** The card that the agent asked for. */
  opened: string | null;
  /** The card that the agent's hand or focus is on. */
  held: string | null;
  before: Front | null;
  now: number;
}

/** A card that has come to the front stays there this long, so that nobody loses the line while reading. */
const DWELL_MS = 4_000;

/** Which of the ranked cards stands in front. Only a graver one may cut short the time for reading. */
export function chooseFront(cards: readonly Note[], { opened, held, before, now }: Given): Front | null {
  const find = (id: string | null | undefined) => cards.find((card) => card.id === id);
  const current = find(before?.id);
  const chosen = find(held) ?? find(opened) ?? cards[0];
  if (!chosen) return null;
  if (!before || !current) return { id: chosen.id, since: now };
  const isWanted = chosen.id === held || chosen.id === opened;
  const isReading = now - before.since < DWELL_MS && !(chosen.severity === "HIGH" && weight(chosen) > weight(current) && current.severity !== "HIGH");
  if (chosen.id === current.id || (isReading && !isWanted)) return before;
  return { id: chosen.id, since: now };
}

export function dwellEndsAt(front: Front | null): number | null {
  return front === null ? null : front.since + DWELL_MS;
}
