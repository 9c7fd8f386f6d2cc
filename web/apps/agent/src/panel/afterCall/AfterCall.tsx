import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { allCards, outcomeOf } from "../../call/cards";
import type { CallState } from "../../call/state";
import { callTime, copyText, fill } from "@sotto/ui";
import { useWording, type Wording } from "../../messages";
import { type CardDeeds, Thumbs } from "../guidance/Card";
import { Summary, summaryText } from "./Summary";

/** What was shown and what was used, to be judged while it is fresh (no `deeds`: by others), and a note for the customer's record. */
export function AfterCall({ call, deeds }: { call: CallState; deeds: CardDeeds | null }) {
  const wording = useWording();
  const { t } = wording;
  const [isCopied, setCopied] = useState(false);
  // One that went to another agent goes on there, and is summed up there.
  const hasEnded = call.contact?.status === "ENDED";
  const cards = allCards(call);
  const used = cards.filter((card) => outcomeOf(call, card.id) === "acknowledged").length;
  return (
    <div className="after">
      <h3>{fill(t.afterTitle, { time: callTime(call.latestMs) })}</h3>
      {(hasEnded || call.summary) && <Summary summary={call.summary} lines={call.lines} />}
      <p>{fill(t.afterUsed, { used, total: cards.length })}</p>
      <ul>
        {cards.map((card) => (
          <li key={card.id}>
            <time>{callTime(card.atMs)}</time>
            <span>
              {card.title || card.name} <span className="outcome">{t.outcome[outcomeOf(call, card.id)]}</span>
            </span>
            <Thumbs id={card.id} opinion={call.opinions.get(card.id)} deeds={deeds} />
          </li>
        ))}
      </ul>
      <Button iconName={isCopied ? "check" : "copy"} onClick={() => void copyText(noteOf(call, wording)).then(setCopied)}>
        {isCopied ? t.copied : t.copyNote}
      </Button>
    </div>
  );
}

/** The call in a few lines of text. */
function noteOf(call: CallState, wording: Wording): string {
  const { t } = wording;
  const summary = call.summary ? [summaryText(call.summary, wording), ""] : [];
  const tasks = call.tasks.map((task) => `- ${task.title}: ${t.taskState[task.state]}`);
  const cards = allCards(call).map((card) => `- ${callTime(card.atMs)} ${card.title || card.name}: ${t.outcome[outcomeOf(call, card.id)]}`);
  return [fill(t.afterTitle, { time: callTime(call.latestMs) }), "", ...summary, `${t.checklist}:`, ...tasks, "", `${t.guidance}:`, ...cards].join("\n");
}
