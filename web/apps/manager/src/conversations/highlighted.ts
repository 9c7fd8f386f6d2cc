import { piecesOf } from "@sotto/call";
import type { SpokenPiece } from "@sotto/ui";

/** The text cut where words of the question stand; positions are code points, as Python counts them. */
export function highlighted(text: string, spans: readonly { readonly startChar: number; readonly endChar: number }[]): readonly SpokenPiece[] {
  return piecesOf(
    text,
    spans.map(({ startChar, endChar }) => ({ start: startChar, end: endChar, mask: null })),
  );
}
