import type { Random } from "./clock";

const FIRST_MS = 250;
const LONGEST_MS = 20_000;

/**
 * The wait before attempt `attempt` (0, 1, 2...): half of an exponentially growing wait is certain, the other half is
 * chance. After an outage a thousand panels come back; without the chance they would all come back in the same moment.
 */
export function backoffMs(attempt: number, random: Random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
