import type { Utterance } from "@sotto/api";

export interface TalkTime {
  readonly customerMs: number;
  readonly agentMs: number;
}

export function talkTime(utterances: readonly Utterance[]): TalkTime {
  const total = { customerMs: 0, agentMs: 0 };
  for (const utterance of utterances) total[utterance.speaker === "CUSTOMER" ? "customerMs" : "agentMs"] += Math.max(0, utterance.endMs - utterance.startMs);
  return total;
}

/** The agent's share of all talking, 0 to 1; null until anyone has spoken for a few seconds. */
export function agentShare({ customerMs, agentMs }: TalkTime): number | null {
  const total = customerMs + agentMs;
  return total < 5_000 ? null : agentMs / total;
}
