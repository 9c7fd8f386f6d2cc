import { memo } from "react";
import type { Spoken } from "@sotto/api";
import type { Note } from "../../call/state";
import { isFeeling } from "../../call/sentiment";
import { marksOf, type Piece, piecesOf } from "../../call/marks";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../../messages";

interface Props {
  line: Spoken;
  /** Whether the speaker changed, so that the name is due. */
  isTurn: boolean;
  /** Moments that rest on this line. */
  moments: readonly Note[];
  showDetails: boolean;
  /** A citation has led here. */
  isCited: boolean;
}

/** One utterance. Rendered anew only when it changes: a partial that grows must not cost the other five hundred. */
export const Line = memo(function Line({ line, isTurn, moments, showDetails, isCited }: Props) {
  const { t } = useWording();
  const isCustomer = line.speaker === "CUSTOMER";
  const named = moments.filter((moment) => moment.title !== "" && !isFeeling(moment));
  return (
    <li className={`line ${isCustomer ? "customer" : "agent"} ${line.isFinal ? "" : "partial"} ${isTurn ? "turn" : ""}${isCited ? " cited" : ""}`} data-utterance={line.id} tabIndex={isCited ? -1 : undefined}>
      {isTurn && (
        <span className="who">
          {isCustomer ? t.customer : t.agent} <time>{callTime(line.startMs)}</time>
        </span>
      )}
      <p>
        {piecesOf(line.text, marksOf(line, moments)).map((piece) => (
          <Words key={piece.start} piece={piece} />
        ))}
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

function Words({ piece }: { piece: Piece }) {
  const { t } = useWording();
  if (piece.hidden !== null) {
    const kind = piece.hidden.replace(/_/g, " ").toLowerCase();
    return <span className="hidden-words" title={fill(t.private, { kind })}>{piece.text}</span>;
  }
  return piece.isEvidence ? <mark>{piece.text}</mark> : <>{piece.text}</>;
}
