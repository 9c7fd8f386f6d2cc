import type { CallState, Note } from "./state";

export interface MoodPoint {
  readonly atMs: number;
  /** -1 (bad) to 1 (good), smoothed. */
  readonly value: number;
}

const FEELING: Record<string, number> = { negative: -1, neutral: 0, positive: 1 };
/** How much of the mood before remains at each new sign: one word does not turn a call. */
const INERTIA = 0.5;

/**
 * The customer's mood over time, from the moments that carry a sentiment by name: `sentiment_negative`,
 * `negative_sentiment`, `customer_sentiment_positive`...
 */
export function moodOf(call: CallState): readonly MoodPoint[] {
  const signs = [...call.notes.values()].filter((note) => feelingOf(note) !== null).sort((a, b) => a.atMs - b.atMs);
  let value = 0;
  return signs.map((note) => {
    value = INERTIA * value + (1 - INERTIA) * (feelingOf(note) ?? 0) * 1.4;
    value = Math.max(-1, Math.min(1, value));
    return { atMs: note.atMs, value };
  });
}

/** The line in the bar tells it; a word under each sentence would be noise. */
export function isFeeling(note: Note): boolean {
  return feelingOf(note) !== null;
}

function feelingOf(note: Note): number | null {
  const words = note.name.toLowerCase().split("_");
  if (note.kind !== "MOMENT" || !words.includes("sentiment")) return null;
  const feeling = words.find((word) => word in FEELING);
  return feeling === undefined ? null : (FEELING[feeling] ?? null);
}
