import { callTime, fill } from "@sotto/ui";
import { allCards, type CallState, outcomeOf } from "@sotto/call";
import type { Wording } from "../../messages";
import { summaryText } from "./summaryText";

/** The call in a few lines of text, for the customer's record. */
export function callNote(call: CallState, wording: Wording): string {
  const { t } = wording;
  const summary = call.summary ? [summaryText(call.summary, wording), ""] : [];
  const items = call.checklist.map((item) => `- ${item.title}: ${t.checklistState[item.state]}`);
  const cards = allCards(call).map((card) => `- ${callTime(card.atMs)} ${card.title || card.name}: ${t.outcome[outcomeOf(call, card.id)]}`);
  return [fill(t.afterTitle, { time: callTime(call.latestMs) }), "", ...summary, `${t.checklist}:`, ...items, "", `${t.guidance}:`, ...cards].join("\n");
}
