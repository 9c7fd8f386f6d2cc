import type { CallSummary } from "@sotto/api";
import { promiseDay, speakerName, summaryParts } from "@sotto/call";
import { fill } from "@sotto/ui";
import type { Wording } from "../../messages";

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
  return [owner, fill(t.promiseDue, { day: promiseDay(line.due, locale) })].filter(Boolean).join(", ");
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
