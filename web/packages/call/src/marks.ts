import type { Annotation, Utterance } from "@sotto/api";

export interface Mark {
  readonly start: number;
  readonly end: number;
  /** The kind of what is masked here; null for words that a moment rests on, and for those that the recogniser doubts. */
  readonly mask: string | null;
  readonly isDoubtful?: boolean;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
  readonly mask: string | null;
  readonly isEvidence: boolean;
  readonly isDoubtful: boolean;
}

/** Where the utterance holds a mask, words that a moment rests on, or words that the recogniser doubts. Positions are code points, as Python counts them. */
export function marksOf(utterance: Utterance, moments: readonly Pick<Annotation, "evidence">[]): readonly Mark[] {
  const mask = utterance.private.map((span) => ({ start: span.startChar, end: span.endChar, mask: span.kind }));
  const evidence = moments
    .flatMap((moment) => moment.evidence)
    .filter((words) => words.utteranceId === utterance.id && words.startChar !== null && words.endChar !== null)
    .map((words) => ({ start: words.startChar ?? 0, end: words.endChar ?? 0, mask: null }));
  const doubtful = (utterance.doubtful ?? []).map((word) => ({ start: word.startChar, end: word.endChar, mask: null, isDoubtful: true }));
  return [...mask, ...evidence, ...doubtful];
}

/** The text cut at the marks' edges; a mask wins over evidence. Marks outside the text are ignored. */
export function piecesOf(text: string, marks: readonly Mark[]): readonly Piece[] {
  if (marks.length === 0) return [{ start: 0, text, mask: null, isEvidence: false, isDoubtful: false }];
  const points = Array.from(text);
  const inside = marks.filter((mark) => mark.start >= 0 && mark.start < mark.end && mark.end <= points.length);
  const edges = [...new Set([0, points.length, ...inside.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, index) => {
    const covering = inside.filter((mark) => mark.start <= start && mark.end > start);
    return {
      start,
      text: points.slice(start, edges[index + 1]).join(""),
      mask: covering.find((mark) => mark.mask !== null)?.mask ?? null,
      isEvidence: covering.some((mark) => mark.mask === null && !mark.isDoubtful),
      isDoubtful: covering.some((mark) => mark.isDoubtful === true),
    };
  });
}
