import type { Utterance } from "@sotto/api";
import type { Wording } from "../messages";

/** What whoever speaks is called, and the class of their lines. */
export function speakerName(speaker: Utterance["speaker"], t: Wording["t"]): string {
  return { CUSTOMER: t.customer, AGENT: t.agent, SYSTEM: t.system }[speaker];
}
