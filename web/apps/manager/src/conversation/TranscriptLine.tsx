import type { Utterance } from "@sotto/api";
import { type ShownAnnotation, marksOf, piecesOf, speakerName } from "@sotto/call";
import { SpokenText, callTime, fill } from "@sotto/ui";
import { memo } from "react";
import { useWording } from "../messages";
import { lineHref } from "./links";
import { isNamed } from "./regions";
import "./TranscriptLine.css";

interface Props {
  utterance: Utterance;
  contactId: string;
  /** Whether the speaker changed, so that the name is due. */
  isTurn: boolean;
  /** Moments that rest on this utterance. */
  moments: readonly ShownAnnotation[];
  /** The address leads here. */
  isCited: boolean;
  /** It is being played. */
  isUnderWay: boolean;
  /** Plays from here; null where there is nothing to play. */
  onPlay: ((startMs: number) => void) | null;
}

/** One utterance. Rendered anew only when it changes. Its time is its address. */
export const TranscriptLine = memo(function TranscriptLine({ utterance, contactId, isTurn, moments, isCited, isUnderWay, onPlay }: Props) {
  const { t } = useWording();
  const time = callTime(utterance.startMs);
  const who = speakerName(utterance.speaker, t);
  return (
    <li
      className={`line ${utterance.speaker.toLowerCase()}${isTurn ? " turn" : ""}${utterance.isFinal ? "" : " interim"}${isCited ? " cited" : ""}${isUnderWay ? " under-way" : ""}${onPlay ? " playable" : ""}`}
      data-utterance={utterance.id}
      tabIndex={isCited ? -1 : undefined}
      aria-current={isUnderWay ? "true" : undefined}
      // For the mouse; the time is the same for everybody else. Who marks words wants to copy them.
      onClick={onPlay ? () => getSelection()?.isCollapsed !== false && onPlay(utterance.startMs) : undefined}
    >
      <a className="at" href={lineHref(contactId, utterance.id)} aria-label={fill(onPlay ? t.conversation.playAt : t.conversation.spokenAt, { who, time })}>
        {time}
      </a>
      <div>
        {isTurn && <span className="who">{who}</span>}
        <p className="spoken">
          <SpokenText pieces={piecesOf(utterance.text, marksOf(utterance, moments))} hidden={t.conversation.private} doubtful={t.conversation.doubtful} />
        </p>
        {moments.filter(isNamed).map((moment) => (
          <span key={moment.id} className={`moment ${moment.severity.toLowerCase()}`}>
            {moment.title}
          </span>
        ))}
      </div>
    </li>
  );
});
