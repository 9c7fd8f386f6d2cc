import type { Utterance } from "@sotto/api";
import { type CallState, type ShownAnnotation, isSentiment } from "@sotto/call";

/** A stretch of the call in which a moment stands: its utterance, from the first to the last word. */
export interface MomentRegion {
  readonly id: string;
  readonly title: string;
  readonly severity: ShownAnnotation["severity"];
  readonly utteranceId: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The moments with a name, in the order of the call; moods have a line of their own, and facts are words. */
export function regionsOf(call: CallState): readonly MomentRegion[] {
  const utterances = new Map(call.utterances.map((utterance) => [utterance.id, utterance]));
  return [...call.annotations.values()]
    .filter((annotation) => isNamed(annotation))
    .flatMap((annotation) => {
      const utterance = annotation.utteranceId === null ? undefined : utterances.get(annotation.utteranceId);
      if (!utterance) return [];
      const { id, title, severity } = annotation;
      return [{ id, title, severity, utteranceId: utterance.id, startMs: utterance.startMs, endMs: utterance.endMs }];
    })
    .sort((a, b) => a.startMs - b.startMs || a.title.localeCompare(b.title));
}

export function isNamed(annotation: ShownAnnotation): boolean {
  return annotation.kind === "MOMENT" && annotation.title !== "" && !isSentiment(annotation) && annotation.isFact !== true;
}

/** From the first sound to the last word, in ms; at least one, so that it can divide. */
export function lengthOf(utterances: readonly Utterance[]): number {
  return utterances.reduce((latest, utterance) => Math.max(latest, utterance.endMs), 1);
}
