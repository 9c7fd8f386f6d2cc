import type { RecordingsResult, Utterance } from "@sotto/api";

export type Recording = RecordingsResult["recordings"][number];

/** One that can be played: published, and as long as it says. */
export interface PlayableRecording {
  readonly id: string;
  /** Call time of its first sample; below 0 where it begins before the media did. */
  readonly beginsMs: number;
  readonly durationMs: number;
  readonly beeped: Recording["beeped"];
  readonly peaks: readonly string[];
}

/** In the order of the call. */
export function playableOf(recordings: readonly Recording[]): readonly PlayableRecording[] {
  return recordings
    .flatMap(({ id, state, beginsMs, durationMs, beeped, peaks }) => (state === "REDACTED" && durationMs !== null ? [{ id, beginsMs: beginsMs ?? 0, durationMs, beeped, peaks }] : []))
    .sort((a, b) => a.beginsMs - b.beginsMs);
}

/** Why there is nothing to play, as one word; null where there is something. */
export type Absence = "unknown" | "none" | "pending" | "quarantined" | "failed";

export function absenceOf(recordings: readonly Recording[]): Absence | null {
  const states = new Set(recordings.map(({ state }) => state));
  if (states.has("REDACTED")) return null;
  if (states.has("AVAILABLE")) return "pending";
  if (states.has("QUARANTINED")) return "quarantined";
  if (states.has("FAILED")) return "failed";
  return states.has("NONE") ? "none" : "unknown";
}

/** The last utterance that has begun by then; null before the first. Utterances come by their numbers, which are nearly their times. */
export function lineAt(utterances: readonly Utterance[], atMs: number): Utterance | null {
  return utterances.reduce<Utterance | null>((found, each) => (each.startMs <= atMs && (found === null || each.startMs >= found.startMs) ? each : found), null);
}

/** The next one's beginning after `atMs`, or the one's before the line that is under way. */
export function neighbour(utterances: readonly Utterance[], atMs: number, direction: "next" | "previous"): number | null {
  const starts = utterances.map(({ startMs }) => startMs).sort((a, b) => a - b);
  // A line that has just begun is left by "previous": otherwise nobody ever gets past it.
  return direction === "next" ? (starts.find((startMs) => startMs > atMs) ?? null) : (starts.filter((startMs) => startMs < atMs - 1_500).at(-1) ?? starts[0] ?? null);
}

/** `?at=` is a line's id, or a time of the call in ms. */
export function timeOf(at: string | null): number | null {
  return at !== null && /^\d{1,9}$/.test(at) ? Number(at) : null;
}
