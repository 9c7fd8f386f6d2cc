import type { CallState, ShownAnnotation } from "./state";
import { type Stage, measuredOf } from "./stages";

/** An annotation's way: its stages in their order, and what the sum of them counts from and to. */
export interface Way {
  /** `word`: the end of the words; `text`: the recogniser's text of them; `time`: no words were the cause. */
  readonly from: "word" | "text" | "time";
  readonly to: "screen" | "decision";
  readonly stages: readonly Stage[];
  readonly totalMs: number;
}

/** More than this is no way but two clocks that differ. */
const PLAUSIBLE_MS = 10_000;

/**
 * From the end of the words to this screen as far as is known: the recogniser's part lies between the words' end and the text
 * in hand, both by the server's clock; the last part between the decision and the arrival here, by two clocks.
 */
export function wayOf(annotation: ShownAnnotation, call: CallState): Way {
  const { stages, decidedAt } = measuredOf(annotation.stagesMs);
  if (stages.length === 0) return { from: "time", to: "decision", stages: [], totalMs: 0 };
  const recognise = decidedAt === null ? null : recogniseMs(annotation, call, decidedAt);
  const deliver = decidedAt === null || annotation.arrivedAt === null ? null : plausible(annotation.arrivedAt - decidedAt);
  const known: Stage[] = [
    ...(recognise === null ? [] : [{ name: "recognise", ms: recognise }]),
    ...stages,
    ...(deliver === null ? [] : [{ name: "deliver", ms: deliver }]),
  ];
  return {
    from: recognise === null ? "text" : "word",
    to: deliver === null ? "decision" : "screen",
    stages: known,
    totalMs: known.reduce((total, stage) => total + stage.ms, 0),
  };
}

/** null where guidance did not wait for the end of the words, or nobody knows it. */
function recogniseMs(annotation: ShownAnnotation, call: CallState, decidedAt: number): number | null {
  const words = call.utterances.find((utterance) => utterance.id === annotation.utteranceId);
  if (!words || !call.contact) return null;
  return plausible(decidedAt - annotation.latencyMs - (call.contact.mediaStartedAtMs + words.endMs));
}

function plausible(ms: number): number | null {
  return ms >= 0 && ms < PLAUSIBLE_MS ? ms : null;
}
