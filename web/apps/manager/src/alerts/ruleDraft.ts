import type { AlertChannel, AlertKind, AlertRuleInput, AlertRuleParts, AlertSeverity } from "@sotto/api";
import { fill } from "@sotto/ui";
import type { Messages } from "../messages/en";

/** A rule as it stands in the fields. Numbers are what was typed; a share is typed in per cent. */
export interface RuleDraft {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly kind: AlertKind;
  readonly metric: string;
  readonly teams: readonly string[];
  readonly queues: readonly string[];
  /** Filters that the fields do not show, kept as they are. */
  readonly otherFilters: readonly { readonly dimension: string; readonly values: readonly string[] }[];
  readonly by: string;
  readonly days: string;
  readonly above: boolean;
  readonly level: string;
  readonly atLeast: string;
  readonly moments: string;
  readonly severity: AlertSeverity;
  readonly channels: readonly AlertChannel[];
  readonly drops: boolean;
  readonly isOn: boolean;
}

export const NEW_RULE: Omit<RuleDraft, "id"> = {
  version: 0,
  name: "",
  kind: "THRESHOLD",
  metric: "",
  teams: [],
  queues: [],
  otherFilters: [],
  by: "",
  days: "1",
  above: true,
  level: "",
  atLeast: "20",
  moments: "",
  severity: "HIGH",
  channels: [],
  drops: false,
  isOn: true,
};

const MOST_DAYS = 90;
/** By which no rule splits or looks: times have a field of their own, and an alert is about no single agent. */
export const NOT_IN_RULES: readonly string[] = ["agent", "day", "week", "month", "hour", "weekday"];
export const ANOMALY_DIMENSIONS: readonly string[] = ["queue", "team", "disposition"];
export const DRIFT_DIMENSIONS: readonly string[] = ["queue", "team", "language"];

export function draftOf(rule: AlertRuleParts, unit: string): RuleDraft {
  const valuesOf = (name: string) => rule.filters.filter(({ dimension }) => dimension === name).flatMap(({ values }) => values);
  return {
    id: rule.id,
    version: rule.version,
    name: rule.name,
    kind: rule.kind,
    metric: rule.metric ?? "",
    teams: valuesOf("team"),
    queues: valuesOf("queue"),
    otherFilters: rule.filters.filter(({ dimension }) => dimension !== "team" && dimension !== "queue"),
    by: rule.by ?? "",
    days: String(rule.days),
    above: rule.above,
    level: String(Number((rule.level * (isPercent(rule.kind, unit) ? 100 : 1)).toPrecision(12))),
    atLeast: String(rule.atLeast),
    moments: rule.moments.join(", "),
    severity: rule.severity,
    channels: rule.channels,
    drops: rule.inQuietHours === "DROP",
    isOn: rule.isOn,
  };
}

/** A share is kept as a part of one, and typed in per cent. */
function isPercent(kind: AlertKind, unit: string): boolean {
  return kind === "THRESHOLD" && unit === "share";
}

export type Mistakes = Readonly<Partial<Record<"name" | "metric" | "level" | "days" | "atLeast", string>>>;

export function mistakesOf(draft: RuleDraft, t: Messages): Mistakes {
  const found: Record<string, string> = {};
  const countsFigures = draft.kind === "THRESHOLD" || draft.kind === "CHANGE";
  if (draft.name.trim() === "") found["name"] = t.alerts.needed;
  if (countsFigures && draft.metric === "") found["metric"] = t.alerts.needed;
  if (countsFigures && numberOf(draft.level) === null) found["level"] = t.alerts.number;
  if ((countsFigures || draft.kind === "DRIFT") && !isWhole(draft.days, 1, MOST_DAYS)) found["days"] = fill(t.alerts.whole, { least: 1, most: MOST_DAYS });
  if (countsFigures && !isWhole(draft.atLeast, 1, 1_000_000)) found["atLeast"] = fill(t.alerts.whole, { least: 1, most: 1_000_000 });
  return found;
}

/** With a comma or a point, as people type it. */
function numberOf(written: string): number | null {
  const text = written.trim().replace(",", ".");
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
}

function isWhole(written: string, least: number, most: number): boolean {
  const value = numberOf(written);
  return value !== null && Number.isInteger(value) && value >= least && value <= most;
}

export function inputOfRule(draft: RuleDraft, unit: string): AlertRuleInput {
  const ofFigures = draft.kind === "THRESHOLD" || draft.kind === "CHANGE";
  const filter = (dimension: string, values: readonly string[]) => (values.length > 0 ? [{ dimension, values }] : []);
  const level = numberOf(draft.level) ?? 0;
  return {
    id: draft.id,
    version: draft.version,
    name: draft.name.trim(),
    kind: draft.kind,
    metric: ofFigures ? draft.metric : null,
    filters: [...filter("team", draft.teams), ...filter("queue", draft.queues), ...(ofFigures ? draft.otherFilters : [])],
    by: draft.kind === "MOMENT" || draft.by === "" ? null : draft.by,
    days: ofFigures || draft.kind === "DRIFT" ? (numberOf(draft.days) ?? 1) : 1,
    above: draft.above,
    level: ofFigures ? level / (isPercent(draft.kind, unit) ? 100 : 1) : 0,
    atLeast: ofFigures ? (numberOf(draft.atLeast) ?? 1) : 1,
    moments: draft.kind === "MOMENT" ? draft.moments.split(",").map((name) => name.trim().replaceAll(" ", "_")).filter((name) => name !== "") : [],
    severity: draft.severity,
    channels: draft.channels,
    inQuietHours: draft.drops ? "DROP" : "DIGEST",
    isOn: draft.isOn,
  };
}
