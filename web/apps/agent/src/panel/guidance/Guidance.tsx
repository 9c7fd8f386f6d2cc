import { hasEnded, type Session, type View } from "@sotto/call";
import { useWording } from "../../messages";
import { AfterCall } from "../afterCall/AfterCall";
import { Card } from "./Card";
import { EarlierCards } from "./EarlierCards";
import "./Guidance.css";
import { OtherCards } from "./OtherCards";
import { Undo } from "./Undo";
import type { Cards } from "./useCards";
import { useIntents } from "./useIntents";

interface Props {
  session: Session;
  view: View;
  cards: Cards;
  showDetails: boolean;
  onToggleDetails: () => void;
}

/** What helps: during the call its cards, after it what became of them. */
export function Guidance({ session, view, cards, showDetails, onToggleDetails }: Props) {
  const { t } = useWording();
  const { topCard, others, earlier, feedback } = cards;
  const { copied, asksReason, actions } = feedback;
  const intents = useIntents(session, asksReason !== null);
  const isOver = hasEnded(view);
  return (
    <section className="guidance" aria-labelledby="guidance-title">
      <h2 id="guidance-title" className="offscreen">
        {t.guidance}
      </h2>
      {isOver ? (
        <AfterCall call={view.call} session={session} actions={actions} />
      ) : topCard ? (
        <Card
          key={topCard.id}
          annotation={topCard}
          feedback={view.call.feedback.get(topCard.id)}
          call={view.call}
          now={view.now}
          copied={copied?.id === topCard.id ? (copied.worked ? "yes" : "failed") : null}
          asksReason={asksReason === topCard.id}
          intents={intents}
          showDetails={showDetails}
          actions={actions}
          onToggleDetails={onToggleDetails}
          onPin={(isPinned) => session.pin(isPinned ? topCard.id : null)}
          onReasonGiven={() => feedback.setAsksReason(null)}
        />
      ) : (
        <p className="quiet nothing">{t.guidanceQuiet}</p>
      )}
      {!isOver && <Undo undoable={feedback.undoable} onUndo={() => feedback.undoable && actions.restore(feedback.undoable.id)} />}
      {!isOver && <OtherCards cards={others} onOpen={feedback.setOpened} />}
      {!isOver && <EarlierCards cards={earlier} call={view.call} onRestore={actions.restore} />}
    </section>
  );
}
