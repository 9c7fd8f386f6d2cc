import { fill } from "@sotto/ui";
import type { Piece } from "@sotto/call";
import { useWording } from "../../messages";
import "./UtteranceText.css";

/** A piece of an utterance: plain, doubted by the recogniser, marked as what a moment rests on, or a mask for something private. */
export function UtteranceText({ piece }: { piece: Piece }) {
  const { t } = useWording();
  if (piece.mask !== null) {
    const kind = piece.mask.replace(/_/g, " ").toLowerCase();
    return (
      <span className="masked" title={fill(t.private, { kind })}>
        {piece.text}
      </span>
    );
  }
  const words = piece.isDoubtful ? (
    <span className="doubtful" title={t.doubtful}>
      {piece.text}
    </span>
  ) : (
    piece.text
  );
  return piece.isEvidence ? <mark>{words}</mark> : <>{words}</>;
}
