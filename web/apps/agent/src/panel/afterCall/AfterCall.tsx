import { CopyButton, callTime, fill, plural } from "@sotto/ui";
import { allCards, type CallState, outcomeOf, type Session } from "@sotto/call";
import { useWording } from "../../messages";
import type { CardActions } from "../guidance/cardActions";
import { RatingButtons } from "../guidance/RatingButtons";
import "./AfterCall.css";
import { callNote } from "./callNote";
import { DispositionChoice } from "./DispositionChoice";
import { FiledCalls } from "./FiledCalls";
import { Summary } from "./Summary";
import { WorkProgress } from "./WorkProgress";

/** What was shown and what was used, to be judged while it is fresh, and a note for the customer's record. */
export function AfterCall({ call, session, actions }: { call: CallState; session: Session; actions: CardActions }) {
  const wording = useWording();
  const { t, locale } = wording;
  // One that went to another agent goes on there, and is summed up there.
  const hasEnded = call.contact?.status === "ENDED";
  const cards = allCards(call);
  const used = cards.filter((card) => outcomeOf(call, card.id) === "acknowledged").length;
  const offered = cards.length - used;
  return (
    <div className="after">
      <h3>{fill(t.afterTitle, { time: callTime(call.latestMs) })}</h3>
      {call.afterCall && <WorkProgress work={call.afterCall} />}
      {call.afterCall?.disposition && <DispositionChoice disposition={call.afterCall.disposition} utterances={call.utterances} session={session} />}
      {call.afterCall && <FiledCalls filed={call.afterCall.filed} session={session} />}
      {(hasEnded || call.summary) && <Summary summary={call.summary} utterances={call.utterances} session={session} />}
      <p>
        {used > 0 && plural(t.afterUsed, used, locale, { used })} {offered > 0 && plural(t.afterOffered, offered, locale, { count: offered })}
      </p>
      <ul>
        {cards.map((card) => (
          <li key={card.id}>
            <time>{callTime(card.atMs)}</time>
            <span>
              {card.title || card.name} <span className="outcome">{t.outcome[outcomeOf(call, card.id)]}</span>
            </span>
            <RatingButtons id={card.id} feedback={call.feedback.get(card.id)} actions={actions} />
          </li>
        ))}
      </ul>
      <CopyButton label={t.copyNote} copiedLabel={t.copied} text={() => callNote(call, wording)} />
    </div>
  );
}
