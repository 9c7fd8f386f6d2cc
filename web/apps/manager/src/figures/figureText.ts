import type { FigureParts } from "@sotto/api";
import { fill, plural } from "@sotto/ui";
import type { Messages } from "../messages/en";

export type Row = FigureParts["figures"][number];

/** A figure with its unit, as people read it. */
export function written(value: number | null, unit: string, t: Messages, locale: string): string {
  if (value === null) return t.none;
  const number = (digits: number, more: Intl.NumberFormatOptions = {}) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...more }).format(value);
  switch (unit) {
    case "s":
      if (Math.abs(value) < 120) return fill(t.figures.seconds, { value: number(1) });
      return fill(t.figures.minutes, { minutes: Math.floor(value / 60), seconds: String(Math.floor(value % 60)).padStart(2, "0") });
    case "ms":
      return `${number(0)} ms`;
    case "share":
      return number(1, { style: "percent" });
    case "usd":
      return number(Math.abs(value) < 1 ? 4 : 2, { style: "currency", currency: "USD" });
    case "count":
      return number(Number.isInteger(value) ? 0 : 2);
    case "words/min":
      return fill(t.figures.wordsPerMinute, { value: number(0) });
    default:
      return number(2);
  }
}

export type Change = "better" | "worse" | "same" | null;

/** null: nothing to compare with, or no way is better. */
export function changeOf({ value, before }: Pick<Row, "value" | "before">, good: string): Change {
  if (value === null || before === null || good === "neither") return null;
  if (value === before) return "same";
  return value > before === (good === "high") ? "better" : "worse";
}

/** How a change is drawn; it is in words as well. */
export function changeClass(row: Pick<Row, "value" | "before">, good: string): string {
  const change = changeOf(row, good);
  return change === "better" || change === "worse" ? `change-${change}` : "";
}

/** The answer in one sentence. */
export function sentenceOf({ metric, total, form }: FigureParts, t: Messages, locale: string): string {
  const texts = t.figures;
  if (total.value === null) return fill(texts.nothing, { title: metric.title });
  const value = (each: number | null) => written(each, metric.unit, t, locale);
  const first = plural(texts.was, total.counted, locale, { title: metric.title, value: value(total.value), count: new Intl.NumberFormat(locale).format(total.counted) });
  if (form.compare === "NOTHING") return `${first}.`;
  const than = texts.compared[form.compare];
  if (total.before === null) return `${first}; ${fill(texts.notCompared, { than })}.`;
  const direction = total.value === total.before ? texts.unchanged : total.value > total.before ? texts.up : texts.down;
  const change = changeOf(total, metric.good);
  const judged = change === "better" ? texts.better : change === "worse" ? texts.worse : "";
  return `${first}, ${fill(direction, { before: value(total.before), than })}${judged}.`;
}

export function dimensionText(name: string, t: Messages): string {
  const known: Readonly<Record<string, string>> = t.figures.dimensions;
  return known[name] ?? name.replaceAll("_", " ");
}

export function keyText(value: string | null, dimension: string, t: Messages, locale: string): string {
  if (value === null) return t.figures.without;
  if (dimension === "day" || dimension === "week") return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(value));
  if (dimension === "weekday") return new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, Number(value)));
  if (dimension === "hour") return `${value}:00`;
  return value.replaceAll("_", " ");
}

/** What a figure must not be read without. */
export function notesOf({ synthetic, missing, behind }: Pick<FigureParts, "synthetic" | "missing" | "behind">, t: Messages, locale: string): readonly string[] {
  return [
    ...(synthetic ? [t.figures.synthetic] : []),
    ...(missing.length > 0 ? [plural(t.figures.missing, missing.length, locale, { count: missing.length, days: missing.slice(0, 5).join(", ") })] : []),
    ...(behind.length > 0 ? [t.figures.behind] : []),
  ];
}
