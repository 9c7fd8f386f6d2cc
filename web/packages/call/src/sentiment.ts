import type { CallState, ShownAnnotation } from "./state";

export interface SentimentPoint {
  readonly atMs: number;
  /** -1 (bad) to 1 (good), smoothed. */
  readonly value: number;
}

const POLARITY: Record<string, number> = { negative: -1, neutral: 0, positive: 1 };
/** How much of the sentiment before remains at each new moment: one word does not turn a call. */
const INERTIA = 0.5;

/**
 * The customer's sentiment over time, from the moments that carry a sentiment by name: `sentiment_negative`,
 * `negative_sentiment`, `customer_sentiment_positive`...
 */
export function sentimentOf(call: CallState): readonly SentimentPoint[] {
  const moments = [...call.annotations.values()].filter((annotation) => polarityOf(annotation) !== null).sort((a, b) => a.atMs - b.atMs);
  let value = 0;
  return moments.map((annotation) => {
    value = INERTIA * value + (1 - INERTIA) * (polarityOf(annotation) ?? 0) * 1.4;
    value = Math.max(-1, Math.min(1, value));
    return { atMs: annotation.atMs, value };
  });
}

export interface Mood {
  readonly tone: "good" | "bad" | "even";
  readonly trend: "rising" | "falling" | "steady";
  readonly points: readonly SentimentPoint[];
}

/** From which distance to even a mood has a word, and a change an arrow. */
const TONE = 0.2;
const CHANGE = 0.2;

export function toneOf(value: number): Mood["tone"] {
  return value > TONE ? "good" : value < -TONE ? "bad" : "even";
}

/** How the customer feels now and whither it goes; null until they have finished a sentence. Nothing noticed is even. */
export function moodOf(call: CallState): Mood | null {
  const points = sentimentOf(call);
  const [last, before] = [points.at(-1)?.value ?? 0, points.at(-2)?.value ?? 0];
  if (points.length === 0 && !call.utterances.some((utterance) => utterance.isFinal && utterance.speaker === "CUSTOMER")) return null;
  const trend = last - before > CHANGE ? "rising" : before - last > CHANGE ? "falling" : "steady";
  return { tone: toneOf(last), trend, points };
}

/** The line in the bar shows it; a word under each sentence would be noise. */
export function isSentiment(annotation: ShownAnnotation): boolean {
  return polarityOf(annotation) !== null;
}

function polarityOf(annotation: ShownAnnotation): number | null {
  const words = annotation.name.toLowerCase().split("_");
  if (annotation.kind !== "MOMENT" || !words.includes("sentiment")) return null;
  const polarity = words.find((word) => word in POLARITY);
  return polarity === undefined ? null : (POLARITY[polarity] ?? null);
}
