import Button from "@cloudscape-design/components/button";
import type { Feedback } from "@sotto/api";
import { callTime } from "@sotto/ui";
import { age, type CallState, type ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";
import { KEYS } from "../keys";
import { AgeBar } from "./AgeBar";
import "./Card.css";
import type { CardActions, CopyResult } from "./cardActions";
import { CardButtons } from "./CardButtons";
import { Citations } from "./Citations";
import { Correction } from "./Correction";
import { Details } from "./Details";
import { RatingButtons } from "./RatingButtons";
import { RatingReason } from "./RatingReason";
import { Reply } from "./Reply";

interface Props {
  annotation: ShownAnnotation;
  feedback: Feedback | undefined;
  call: CallState;
  now: number;
  copied: CopyResult;
  asksReason: boolean;
  /** What a correction can name. */
  intents: readonly string[];
  showDetails: boolean;
  /** null: for a supervisor, who only reads. */
  actions: CardActions;
  onToggleDetails: () => void;
  onPin: (isPinned: boolean) => void;
  onReasonGiven: () => void;
}

/** The one thing to do now. It stays put while a hand or the focus is on it. */
export function Card({ annotation, feedback, call, now, copied, asksReason, intents, showDetails, actions, ...on }: Props) {
  const { t } = useWording();
  return (
    <article
      className={`card ${annotation.severity.toLowerCase()}`}
      aria-labelledby={`card-${annotation.id}`}
      data-annotation={annotation.id}
      onPointerEnter={() => on.onPin(true)}
      onPointerLeave={() => on.onPin(false)}
      onFocus={() => on.onPin(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && on.onPin(false)}
    >
      <header>
        <span className="label">{annotation.severity === "HIGH" ? t.important : t.now}</span>
        <time>{callTime(annotation.atMs)}</time>
        <span className="spring" />
        <RatingButtons id={annotation.id} feedback={feedback} actions={actions} />
        <Button variant="icon" iconName="status-info" ariaLabel={t.details} ariaExpanded={showDetails} onClick={on.onToggleDetails} />
        <Button variant="icon" iconName="close" ariaLabel={t.dismiss} nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.dismiss }} onClick={() => actions.dismiss(annotation.id)} />
      </header>
      <h3 id={`card-${annotation.id}`}>{annotation.title || annotation.name}</h3>
      {annotation.text && <p className="text">{annotation.text}</p>}
      {annotation.reply && <Reply text={annotation.reply} isChat={call.contact?.channel === "CHAT"} copied={copied} />}
      <Citations citations={annotation.citations} />
      {asksReason && <RatingReason onAnswer={(reason) => giveReason(annotation, reason, actions, on.onReasonGiven)} />}
      {asksReason && <Correction intents={intents} onCorrect={(kind, detail) => actions.correct(annotation.id, kind, detail)} />}
      {showDetails && <Details annotation={annotation} call={call} />}
      <CardButtons annotation={annotation} copied={copied} actions={actions} />
      {annotation.expiresMs !== null && <AgeBar key={annotation.id} passed={age(annotation, now)} totalMs={annotation.expiresMs} />}
    </article>
  );
}

function giveReason(annotation: ShownAnnotation, reason: string | null, actions: CardActions, done: () => void): void {
  if (reason) actions.rate(annotation.id, "DOWN", reason);
  done();
}
