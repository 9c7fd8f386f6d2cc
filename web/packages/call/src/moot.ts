import { measuredOf } from "./stages";
import type { CallState, ShownAnnotation } from "./state";

/** A silence that is worth a hint is longer, and a hint about one is shorter-lived. */
const SILENCE_MS = 5_000;
const SHORT_LIVED_MS = 60_000;

/**
 * Whether a hint came because nobody spoke and the agent has spoken since: "say what you are doing" is over with the first word
 * of it, which is here before the server takes the hint back. Only for hints that time alone brought about (no utterance was
 * on its way, so they have no stages) after a silence of the agent, that would go soon anyhow, and that are not grave.
 */
export function isMoot(state: CallState, hint: ShownAnnotation): boolean {
  if (hint.kind !== "ACTION" || hint.severity === "HIGH") return false;
  if (hint.expiresMs === null || hint.expiresMs > SHORT_LIVED_MS || measuredOf(hint.stagesMs).stages.length > 0) return false;
  const last = state.utterances.find((utterance) => utterance.id === hint.utteranceId || hint.evidence.some((words) => words.utteranceId === utterance.id));
  if (!last || last.endMs + SILENCE_MS > hint.atMs) return false;
  const agents = state.utterances.filter((utterance) => utterance.speaker === "AGENT");
  const wasSilent = !agents.some((utterance) => utterance.startMs > last.endMs && utterance.startMs <= hint.atMs);
  return wasSilent && agents.some((utterance) => utterance.startMs > hint.atMs);
}
