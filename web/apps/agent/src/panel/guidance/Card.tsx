import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import type { Opinion, Spoken, Verdict } from "@sotto/api";
import type { Note } from "../../call/state";
import { age } from "../../call/cards";
import { callTime } from "@sotto/ui";
import { useWording } from "../../messages";
import { KEYS } from "../keys";
import { Citations } from "./Citations";
import { Details } from "./Details";
import { WhyNot } from "./RatingReason";

export interface CardDeeds {
  copy: (note: Note) => void;
  acknowledge: (id: string) => void;
  dismiss: (id: string) => void;
  rate: (id: string, verdict: Verdict, reason?: string) => void;
}

interface Props {
  note: Note;
  opinion: Opinion | undefined;
  lines: readonly Spoken[];
  now: number;
  copied: "yes" | "failed" | null;
  asksWhy: boolean;
  showDetails: boolean;
  /** null: for someone who looks on. */
  deeds: CardDeeds | null;
  onToggleDetails: () => void;
  onHold: (isHeld: boolean) => void;
  onWhyAnswered: () => void;
}

/** The one thing to do now. It stays put while a hand or the focus is on it. */
export function Card({ note, opinion, lines, now, copied, asksWhy, showDetails, deeds, ...on }: Props) {
  const { t } = useWording();
  return (
    <article
      className={`card ${note.severity.toLowerCase()}`}
      aria-labelledby={`card-${note.id}`}
      data-annotation={note.id}
      onPointerEnter={() => on.onHold(true)}
      onPointerLeave={() => on.onHold(false)}
      onFocus={() => on.onHold(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && on.onHold(false)}
    >
      <header>
        <span className="label">{note.severity === "HIGH" ? t.important : t.now}</span>
        <time>{callTime(note.atMs)}</time>
        <span className="spring" />
        <Thumbs id={note.id} opinion={opinion} deeds={deeds} />
        <Button variant="icon" iconName="status-info" ariaLabel={t.details} ariaExpanded={showDetails} onClick={on.onToggleDetails} />
        {deeds && <Button variant="icon" iconName="close" ariaLabel={t.dismiss} nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.dismiss }} onClick={() => deeds.dismiss(note.id)} />}
      </header>
      <h3 id={`card-${note.id}`}>{note.title || note.name}</h3>
      {note.text && <p className="text">{note.text}</p>}
      {note.reply && <Reply text={note.reply} copied={copied} />}
      <Citations citations={note.citations} />
      {asksWhy && deeds && <WhyNot onAnswer={(reason) => answered(note, reason, deeds, on.onWhyAnswered)} />}
      {showDetails && <Details note={note} lines={lines} />}
      {deeds && <Deeds note={note} copied={copied} deeds={deeds} />}
      {note.expiresMs !== null && <AgeBar key={note.id} passed={age(note, now)} totalMs={note.expiresMs} />}
    </article>
  );
}

function Deeds({ note, copied, deeds }: { note: Note; copied: Props["copied"]; deeds: CardDeeds }) {
  const { t } = useWording();
  return (
    <footer>
      {note.reply && (
        <Button variant="primary" iconName={copied === "yes" ? "check" : "copy"} onClick={() => deeds.copy(note)} nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.copy }}>
          {copied === "yes" ? t.copied : t.copy} <kbd aria-hidden="true">{KEYS.copy}</kbd>
        </Button>
      )}
      <Button onClick={() => deeds.acknowledge(note.id)} nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.done }}>
        {t.done} <kbd aria-hidden="true">{KEYS.done}</kbd>
      </Button>
    </footer>
  );
}

function answered(note: Note, reason: string | null, deeds: CardDeeds, done: () => void): void {
  if (reason) deeds.rate(note.id, "DOWN", reason);
  done();
}

function Reply({ text, copied }: { text: string; copied: Props["copied"] }) {
  const { t } = useWording();
  return (
    <div className="reply">
      <span className="say">{t.say}</span>
      <blockquote>{text}</blockquote>
      {copied === "failed" && <p className="quiet">{t.copyFailed}</p>}
    </div>
  );
}

export function Thumbs({ id, opinion, deeds }: { id: string; opinion: Opinion | undefined; deeds: CardDeeds | null }) {
  if (!deeds) return null;
  return (
    <>
      <Thumb verdict="UP" opinion={opinion} onRate={() => deeds.rate(id, "UP")} />
      <Thumb verdict="DOWN" opinion={opinion} onRate={() => deeds.rate(id, "DOWN")} />
    </>
  );
}

function Thumb({ verdict, opinion, onRate }: { verdict: Verdict; opinion: Opinion | undefined; onRate: () => void }) {
  const { t } = useWording();
  const isUp = verdict === "UP";
  const isGiven = opinion?.verdict === verdict;
  const icon = `thumbs-${isUp ? "up" : "down"}${isGiven ? "-filled" : ""}` as const;
  const label = isUp ? t.helpful : t.notHelpful;
  return <Button variant="icon" iconName={icon} ariaLabel={isGiven ? `${label}: ${t.thanks}` : label} onClick={onRate} />;
}

/** How much time the card has left. One animation, set when the card appears, so that nothing ticks. */
function AgeBar({ passed, totalMs }: { passed: number; totalMs: number }) {
  const [style] = useState(() => ({ animationDuration: `${totalMs}ms`, animationDelay: `${-Math.round(passed * totalMs)}ms` }));
  return <span className="age" aria-hidden="true" style={style} />;
}
