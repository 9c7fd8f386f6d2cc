import type { Utterance } from "@sotto/api";
import { SpokenText, callTime, fill } from "@sotto/ui";
import { memo } from "react";
import { isSentiment, marksOf, piecesOf, type ShownAnnotation, speakerName } from "@sotto/call";
import { useWording } from "../../messages";
import "./UtteranceLine.css";

interface Props {
  utterance: Utterance;
  /** Whether the speaker changed, so that the name is due. */
  isTurn: boolean;
  /** Moments that rest on this utterance. */
  moments: readonly ShownAnnotation[];
  showDetails: boolean;
  /** A citation has led here. */
  isCited: boolean;
}

/** One utterance. Rendered anew only when it changes: an interim that grows must not cost the other five hundred. */
export const UtteranceLine = memo(function UtteranceLine({ utterance, isTurn, moments, showDetails, isCited }: Props) {
  const { t } = useWording();
  const named = moments.filter((moment) => moment.title !== "" && !isSentiment(moment) && moment.isFact !== true);
  return (
    <li
      className={`utterance ${utterance.speaker.toLowerCase()} ${utterance.isFinal ? "" : "interim"} ${isTurn ? "turn" : ""}${isCited ? " cited" : ""}`}
      data-utterance={utterance.id}
      tabIndex={isCited ? -1 : undefined}
    >
      {isTurn && (
        <span className="who">
          {speakerName(utterance.speaker, t)} <time>{callTime(utterance.startMs)}</time>
        </span>
      )}
      <p className="spoken">
        <SpokenText pieces={piecesOf(utterance.text, marksOf(utterance, moments))} hidden={t.private} doubtful={t.doubtful} />
      </p>
      {named.length > 0 && (
        <span className="moments">
          {named.map((moment) => (
            <span key={moment.id} className={`moment ${moment.severity.toLowerCase()}`}>
              {moment.title}
              {showDetails && <small> {fill(t.latency, { ms: Math.round(moment.latencyMs) })}</small>}
            </span>
          ))}
        </span>
      )}
    </li>
  );
});
