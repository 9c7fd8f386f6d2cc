import type { CallSummary, SummaryPart } from "@sotto/api";
import { fill } from "@sotto/ui";
import { speakerName } from "../../call/speaker";
import type { Wording } from "../../messages";

/** The summary's lines by their part, in the order in which the parts first come. */
export function summaryParts(summary: CallSummary): readonly (readonly [SummaryPart, CallSummary["lines"]])[] {
  const parts = [...new Set(summary.lines.map((line) => line.part))];
  return parts.map((part) => [part, summary.lines.filter((line) => line.part === part)] as const);
}

const ORIGIN: Record<CallSummary["origin"], (t: Wording["t"]) => string> = {
  MODEL: (t) => t.summaryWrittenShort,
  QUOTED: (t) => t.summaryQuotedShort,
  EDITED: (t) => t.summaryEditedShort,
};

const MOODS: Readonly<Record<string, keyof Wording["t"]["sentimentWords"]>> = { positive: "good", negative: "bad", neutral: "even" };
const THEN = ", then ";

/** A line as it is read. The course of a mood is stored as words of the playbook, whatever the panel's language. */
export function lineText(line: CallSummary["lines"][number], t: Wording["t"]): string {
  if (line.part !== "SENTIMENT") return line.text;
  const words = line.text.split(THEN).map((word) => MOODS[word]);
  return words.every((word) => word !== undefined) ? words.map((word) => t.sentimentWords[word]).join(t.moodThen) : line.text;
}

/** Who promised it and for when, where that is known; empty for every other line. */
export function promiseOf(line: CallSummary["lines"][number], { t, locale }: Wording): string {
  const owner = line.owner ? speakerName(line.owner, t) : "";
  if (!line.due) return owner;
  const day = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${line.due}T00:00:00Z`));
  return [owner, fill(t.promiseDue, { day })].filter(Boolean).join(", ");
}

/** As text for the customer's record, which says of itself how it was made. */
export function summaryText(summary: CallSummary, wording: Wording): string {
  const { t } = wording;
  const parts = summaryParts(summary).flatMap(([part, lines]) => {
    const bullets = lines.map((line) => `- ${[lineText(line, t), promiseOf(line, wording)].filter(Boolean).join(" — ")}`);
    return part === "OVERVIEW" ? bullets : [`${t.summaryParts[part]}:`, ...bullets];
  });
  return [`${t.summary} (${ORIGIN[summary.origin](t)})`, ...parts].join("\n");
}
