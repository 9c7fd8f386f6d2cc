import type { CallState } from "./state";

export interface SpokenFact {
  readonly title: string;
  /** In the words of the call, the earliest first; each once. */
  readonly values: readonly string[];
}

/** Of one title. What was said long before is in the transcript. */
const LATEST = 4;

/**
 * Amounts, days, products: the words that the playbook's facts rest on, cut out of the transcript as it is shown, so that
 * nothing is here that is masked there. By title, in the order in which each came up first.
 */
export function factsOf(call: CallState): readonly SpokenFact[] {
  const facts = [...call.annotations.values()].filter((annotation) => annotation.isFact === true).sort((a, b) => a.atMs - b.atMs);
  if (facts.length === 0) return [];
  const utterances = new Map(call.utterances.map((utterance) => [utterance.id, utterance]));
  const values = new Map<string, Map<string, string>>();
  for (const { title, evidence } of facts) {
    for (const { utteranceId, startChar, endChar } of evidence) {
      const utterance = utterances.get(utteranceId);
      if (!utterance || startChar === null || endChar === null) continue;
      if (utterance.private.some((mask) => mask.startChar < endChar && startChar < mask.endChar)) continue;
      // Positions are code points, as Python counts them.
      const text = Array.from(utterance.text).slice(startChar, endChar).join("").trim();
      if (text === "") continue;
      const known = values.get(title) ?? new Map<string, string>();
      known.delete(text.toLowerCase()); // what is said again is the latest
      values.set(title, known.set(text.toLowerCase(), text));
    }
  }
  return [...values].map(([title, known]) => ({ title, values: [...known.values()].slice(-LATEST) }));
}
