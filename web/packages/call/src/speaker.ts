import type { Utterance } from "@sotto/api";

/** What whoever speaks is called, and the class of their lines. */
export function speakerName(speaker: Utterance["speaker"], t: Readonly<Record<"customer" | "agent" | "system", string>>): string {
  return { CUSTOMER: t.customer, AGENT: t.agent, SYSTEM: t.system }[speaker];
}
