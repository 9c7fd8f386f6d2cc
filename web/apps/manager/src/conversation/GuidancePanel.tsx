import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { type CallState, type Outcome, type ShownAnnotation, allCards, currentCards, outcomeOf } from "@sotto/call";
import { callTime } from "@sotto/ui";
import { useWording } from "../messages";
import { LineLinks } from "./LineLinks";
import "./GuidancePanel.css";

interface Props {
  call: CallState;
  contactId: string;
  /** Epoch ms up to which cards have expired. */
  now: number;
  isLive: boolean;
}

/** What the agent was shown, and what became of each card; while the call goes on, what is in front of them first. */
export function GuidancePanel({ call, contactId, now, isLive }: Props) {
  const { t } = useWording();
  const open = isLive ? currentCards(call, now, null) : [];
  const cards = [...open, ...allCards(call).filter((card) => !open.includes(card)).reverse()];
  return (
    <Container header={<Header variant="h2" counter={cards.length > 0 ? `(${cards.length})` : ""}>{t.conversation.guidance}</Header>}>
      {cards.length === 0 && <p className="quiet">{t.conversation.guidanceNone}</p>}
      <ul className="plain-list" data-guidance>
        {cards.map((card) => (
          <GuidanceCard key={card.id} card={card} call={call} contactId={contactId} outcome={open.includes(card) ? "open" : outcomeOf(call, card.id)} />
        ))}
      </ul>
    </Container>
  );
}

function GuidanceCard({ card, call, contactId, outcome }: { card: ShownAnnotation; call: CallState; contactId: string; outcome: Outcome | "open" }) {
  const { t } = useWording();
  const evidence = card.evidence.map((each) => each.utteranceId);
  const rating = call.feedback.get(card.id)?.rating;
  return (
    <li className={`guidance-card ${outcome}`} data-outcome={outcome}>
      <h3>
        <time>{callTime(card.atMs)}</time> {card.title}
      </h3>
      {card.text !== "" && <p>{card.text}</p>}
      {card.reply !== null && <blockquote>{card.reply}</blockquote>}
      <p className="quiet">
        {t.conversation.outcomes[outcome]}
        {rating && ` · ${t.conversation.ratings[rating]}`}
        <LineLinks contactId={contactId} ids={evidence} utterances={call.utterances} />
      </p>
    </li>
  );
}
