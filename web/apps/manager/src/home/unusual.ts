import type { AnomaliesResult } from "@sotto/api";
import { type FormView, dayOf } from "../figures/figureForm";

type Anomaly = AnomaliesResult["anomalies"]["anomalies"][number];
const HOUR_MS = 3_600_000;

/** The days of its window, hour by hour, beside the same weekdays before. */
export function formOfAnomaly({ dimension, value, untilMs, hours }: Pick<Anomaly, "dimension" | "value" | "untilMs" | "hours">): FormView {
  const period = { first: dayOf(untilMs - hours * HOUR_MS), last: dayOf(untilMs - 1) };
  return { metric: "conversations", period, dimensions: ["day", "hour"], filters: [{ dimension, values: [value], without: false }], compare: "WEEK", order: null, limit: null };
}
