import type { FormView } from "../figures/figureForm";

/** What is measured of how well the product itself works, and of what it costs; by what a reader wants to know. */
export const GROUPS = {
  understood: ["recogniser_confidence", "expected_accuracy", "unanswered_share"],
  guided: ["guidance_latency_p95", "guidance_latency"],
  after: ["step_failure_rate", "step_delay_p95", "clocks_disagree_rate"],
  cost: ["cost_per_conversation", "total_cost"],
} as const;
export type Group = keyof typeof GROUPS;

export const DAYS = 7;

/** Of the last seven days, today among them, beside the same weekdays before. */
export function healthForm(metric: string): FormView {
  return { metric, period: { days: DAYS }, dimensions: [], filters: [], compare: "WEEK", order: null, limit: null };
}
