import type { Noted, Spoken } from "@sotto/api";

export interface Mark {
  readonly start: number;
  readonly end: number;
  /** The kind of what is masked here; null for words that a moment rests on. */
  readonly hidden: string | null;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
  readonly hidden: string | null;
  readonly isEvidence: boolean;
}

/** Where the line holds a mask, or words that a moment rests on. Positions are code points, as Python counts them. */
export function marksOf(line: Spoken, moments: readonly Pick<Noted, "evidence">[]): readonly Mark[] {
  const hidden = line.private.map((span) => ({ start: span.startChar, end: span.endChar, hidden: span.kind }));
  const evidence = moments
    .flatMap((moment) => moment.evidence)
    .filter((words) => words.utteranceId === line.id && words.startChar !== null && words.endChar !== null)
    .map((words) => ({ start: words.startChar ?? 0, end: words.endChar ?? 0, hidden: null }));
  return [...hidden, ...evidence];
}

/** The text cut at the marks' edges; a mask wins over evidence. Marks outside the text are ignored. */
export function piecesOf(text: string, marks: readonly Mark[]): readonly Piece[] {
  if (marks.length === 0) return [{ start: 0, text, hidden: null, isEvidence: false }];
  const points = Array.from(text);
  const inside = marks.filter((mark) => mark.start >= 0 && mark.start < mark.end && mark.end <= points.length);
  const edges = [...new Set([0, points.length, ...inside.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, index) => {
    const covering = inside.filter((mark) => mark.start <= start && mark.end > start);
    return {
      start,
      text: points.slice(start, edges[index + 1]).join(""),
      hidden: covering.find((mark) => mark.hidden !== null)?.hidden ?? null,
      isEvidence: covering.some((mark) => mark.hidden === null),
    };
  });
}
