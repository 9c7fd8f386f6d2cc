import type { FormView } from "../figures/figureForm";
import { dayOf } from "../figures/figureForm";

const DAY_MS = 86_400_000;
/** What a centre's day is looked at by. */
export const TODAYS = ["conversations", "average_handle_time", "abandonment_rate", "average_queue_time", "negative_end_rate", "adoption_rate", "checklist_adherence", "high_risk_rate"] as const;

/** The hours of today that are over, UTC; of yesterday all, while today has none. */
export interface SoFar {
  readonly day: string;
  /** How many hours are over; 24 for yesterday. */
  readonly hours: number;
}

export function soFar(now: number): SoFar {
  const hours = new Date(now).getUTCHours();
  return hours === 0 ? { day: dayOf(now - DAY_MS), hours: 24 } : { day: dayOf(now), hours };
}

/** A metric of the hours so far, beside the same hours of the same weekday a week before. */
export function todaysForm(metric: string, { day, hours }: SoFar): FormView {
  const over = Array.from({ length: hours }, (_, hour) => String(hour).padStart(2, "0"));
  const filters = hours === 24 ? [] : [{ dimension: "hour", values: over, without: false }];
  return { metric, period: { first: day, last: day }, dimensions: [], filters, compare: "WEEK", order: null, limit: null };
}
