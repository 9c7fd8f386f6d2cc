import type { Utterance, Wait } from "@sotto/api";

export interface Talk {
  /** The agent's share of all talking, 0 to 1. */
  readonly agentShare: number;
  /** The share of the call until its latest word in which nobody spoke, without what the customer waited. */
  readonly silenceShare: number;
  /** How often the agent began while the customer was speaking, and went on. */
  readonly interruptions: number;
}

/** Until so much has been said, a share says nothing. */
const ENOUGH_MS = 5_000;
/** Two who speak at once for less are taking turns. */
const OVERLAP_MS = 400;
/** Who says less is saying "yes" and "mm-hm", and interrupts nobody. */
const SHORT_MS = 800;

/** How the talking is shared; null until anyone has spoken for a few seconds. Of finals alone, by start: interims are guesses; menus and music are nobody's talk. */
export function talkOf(utterances: readonly Utterance[], waits: readonly Wait[] = []): Talk | null {
  const finals = utterances.filter((utterance) => utterance.isFinal && utterance.speaker !== "SYSTEM");
  const agentMs = spokenMs(finals.filter((utterance) => utterance.speaker === "AGENT"));
  const customerMs = spokenMs(finals.filter((utterance) => utterance.speaker === "CUSTOMER"));
  if (agentMs + customerMs < ENOUGH_MS) return null;
  const latestMs = Math.max(...finals.map((utterance) => utterance.endMs));
  const wholeMs = Math.max(1, latestMs - waitedMs(waits, latestMs));
  return { agentShare: agentMs / (agentMs + customerMs), silenceShare: Math.max(0, 1 - spokenMs(finals) / wholeMs), interruptions: interruptions(finals) };
}

function waitedMs(waits: readonly Wait[], latestMs: number): number {
  return waits.reduce((sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs ?? latestMs, latestMs) - fromMs), 0);
}

/** The time in which at least one of them was spoken. */
function spokenMs(utterances: readonly Utterance[]): number {
  let [total, until] = [0, 0];
  for (const { startMs, endMs } of utterances) {
    total += Math.max(0, endMs - Math.max(startMs, until));
    until = Math.max(until, endMs);
  }
  return total;
}

function interruptions(finals: readonly Utterance[]): number {
  let [count, customerUntil] = [0, 0];
  for (const { speaker, startMs, endMs } of finals) {
    if (speaker === "CUSTOMER") customerUntil = Math.max(customerUntil, endMs);
    else if (endMs - startMs >= SHORT_MS && customerUntil - startMs >= OVERLAP_MS && endMs > customerUntil) count += 1;
  }
  return count;
}
