import type { CallSummary, SummaryPart } from "@sotto/api";

/** The summary's lines by their part, in the order in which the parts first come. */
export function summaryParts(summary: CallSummary): readonly (readonly [SummaryPart, CallSummary["lines"]])[] {
  const parts = [...new Set(summary.lines.map((line) => line.part))];
  return parts.map((part) => [part, summary.lines.filter((line) => line.part === part)] as const);
}

/** A day of a promise, YYYY-MM-DD, as people write it. */
export function promiseDay(due: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${due}T00:00:00Z`));
}
