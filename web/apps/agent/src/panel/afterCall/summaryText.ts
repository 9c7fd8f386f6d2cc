import type { CallSummary, SummaryPart } from "@sotto/api";
import type { Wording } from "../../messages";

/** The summary's lines by their part, in the order in which the parts first come. */
export function summaryParts(summary: CallSummary): readonly (readonly [SummaryPart, CallSummary["lines"]])[] {
  const parts = [...new Set(summary.lines.map((line) => line.part))];
  return parts.map((part) => [part, summary.lines.filter((line) => line.part === part)] as const);
}

/** As text for the customer's record, which says of itself how it was made. */
export function summaryText(summary: CallSummary, { t }: Wording): string {
  const parts = summaryParts(summary).flatMap(([part, lines]) => {
    const bullets = lines.map((line) => `- ${line.text}`);
    return part === "OVERVIEW" ? bullets : [`${t.summaryParts[part]}:`, ...bullets];
  });
  return [`${t.summary} (${summary.origin === "MODEL" ? t.summaryWrittenShort : t.summaryQuotedShort})`, ...parts].join("\n");
}
