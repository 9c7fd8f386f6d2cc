import type { AlertParts, AlertRuleParts, MetricsResult } from "@sotto/api";
import { fill, percent, plural } from "@sotto/ui";
import type { FormView } from "../figures/figureForm";
import { dimensionText, written } from "../figures/figureText";
import type { Messages } from "../messages/en";

export type Metric = MetricsResult["metrics"]["metrics"][number];
type Condition = Pick<AlertRuleParts, "kind" | "metric" | "above" | "level" | "days" | "moments" | "severity">;

/** Nobody who may only look writes rules, or acknowledges. */
export const MANAGERS: readonly string[] = ["supervisor", "quality", "analyst"];
export const QUIET_SETTERS: readonly string[] = ["quality", "analyst", "admin"];

/** What was found, in a figure; without a catalogue the number alone. */
export function foundText(alert: AlertParts, metric: Metric | undefined, t: Messages, locale: string): string {
  const value = (each: number) => written(each, metric?.unit ?? "", t, locale);
  const count = (each: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(each);
  const share = (each: number) => percent(each, locale);
  switch (alert.kind) {
    case "MOMENT":
      return plural(t.alerts.noticed, alert.counted, locale);
    case "ANOMALY":
      return fill(t.alerts.unusual, { value: count(alert.value), before: alert.before === null ? t.none : count(alert.before) });
    case "DRIFT":
      return fill(t.alerts.unlike, { value: share(alert.value), before: alert.before === null ? t.none : share(alert.before) });
    case "CHANGE":
      return fill(t.alerts.changed, { value: value(alert.value), before: alert.before === null ? t.none : value(alert.before) });
    case "THRESHOLD":
      return fill(alert.above ? t.alerts.above : t.alerts.below, { value: value(alert.value), level: value(alert.level) });
  }
}

/** A rule's condition in one line. */
export function conditionText(rule: Condition, metric: Metric | undefined, t: Messages, locale: string): string {
  const title = metric?.title ?? rule.metric ?? "";
  const number = new Intl.NumberFormat(locale);
  switch (rule.kind) {
    case "MOMENT":
      return [t.alerts.severities[rule.severity], ...rule.moments.map((name) => name.replaceAll("_", " "))].join(", ");
    case "ANOMALY":
      return t.alerts.kinds.ANOMALY;
    case "DRIFT":
      return t.alerts.kinds.DRIFT;
    case "CHANGE":
      return `${title}: ${rule.above ? t.alerts.hasRisen : t.alerts.hasFallen} ${number.format(rule.level)} %`;
    case "THRESHOLD":
      return `${title}: ${(rule.above ? t.alerts.isAbove : t.alerts.isBelow).toLowerCase()} ${written(rule.level, metric?.unit ?? "", t, locale)}`;
  }
}

/** Whose calls it is about. */
export function subjectText({ dimension, name, teams }: Pick<AlertParts, "dimension" | "name" | "teams">, t: Messages): string {
  const value = dimension === null || name === null ? [] : [`${dimensionText(dimension, t)}: ${name.replaceAll("_", " ")}`];
  const others = dimension === "team" ? [] : teams;
  return [...value, ...(others.length > 0 ? [others.join(", ")] : [])].join("; ") || t.alerts.everything;
}

/** The figure that it is about, of its days; null of a moment. */
export function formOfAlert(alert: AlertParts): FormView | null {
  const { first, last, dimension, name } = alert;
  if (alert.kind === "MOMENT" || first === null || last === null) return null;
  const subject = dimension === null || name === null ? [] : [{ dimension, values: [name], without: false }];
  const others = alert.filters.filter((each) => each.dimension !== dimension).map((each) => ({ ...each, without: false }));
  const compare = alert.kind === "CHANGE" ? "PREVIOUS" : alert.kind === "ANOMALY" ? "WEEK" : "NOTHING";
  return { metric: alert.metric ?? (alert.kind === "DRIFT" ? "expected_accuracy" : "conversations"), period: { first, last }, dimensions: [], filters: [...others, ...subject], compare, order: null, limit: null };
}
