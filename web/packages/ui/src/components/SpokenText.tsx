import { fill } from "../wording";
import "./SpokenText.css";

/** A piece of what was said: plain, doubted by the recogniser, what a moment rests on, or a mask for something private. */
export interface SpokenPiece {
  readonly start: number;
  readonly text: string;
  /** The kind of what is masked here. */
  readonly mask: string | null;
  readonly isEvidence: boolean;
  readonly isDoubtful: boolean;
}

interface Props {
  pieces: readonly SpokenPiece[];
  /** What a mask says of itself, with the place `{kind}`. */
  hidden: string;
  doubtful: string;
}

export function SpokenText({ pieces, hidden, doubtful }: Props) {
  return (
    <>
      {pieces.map((piece) => (
        <Piece key={piece.start} piece={piece} hidden={hidden} doubtful={doubtful} />
      ))}
    </>
  );
}

function Piece({ piece, hidden, doubtful }: { piece: SpokenPiece; hidden: string; doubtful: string }) {
  if (piece.mask !== null) {
    return (
      <span className="masked" title={fill(hidden, { kind: piece.mask.replace(/_/g, " ").toLowerCase() })}>
        {piece.text}
      </span>
    );
  }
  const words = piece.isDoubtful ? (
    <span className="doubtful" title={doubtful}>
      {piece.text}
    </span>
  ) : (
    piece.text
  );
  return piece.isEvidence ? <mark>{words}</mark> : <>{words}</>;
}
