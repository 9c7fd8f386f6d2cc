import type { Utterance } from "@sotto/api";

type Line = Pick<Utterance, "id" | "startMs" | "endMs">;

/** Lines of a call, one after the other, by their places in it: `until` is the last one, and is among them. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Most that the server takes. */
export const LONGEST_MS = 600_000;

export function stretchOf(lines: readonly Line[], id: string): Stretch | null {
  const place = lines.findIndex((line) => line.id === id);
  return place < 0 ? null : { from: place, until: place };
}

/** One line more; the same where there is none, or where it would be too long. */
export function widened(stretch: Stretch, lines: readonly Line[], by: "before" | "after"): Stretch {
  const next = by === "before" ? { ...stretch, from: stretch.from - 1 } : { ...stretch, until: stretch.until + 1 };
  if (next.from < 0 || next.until >= lines.length) return stretch;
  const { fromMs, untilMs } = timesOf(next, lines);
  return untilMs - fromMs > LONGEST_MS ? stretch : next;
}

/** From the first sound of it to the last, also where two spoke at once. Call time. */
export function timesOf({ from, until }: Stretch, lines: readonly Line[]): { readonly fromMs: number; readonly untilMs: number } {
  const chosen = lines.slice(from, until + 1);
  return { fromMs: Math.min(...chosen.map(({ startMs }) => startMs)), untilMs: Math.max(...chosen.map(({ endMs }) => endMs)) };
}
