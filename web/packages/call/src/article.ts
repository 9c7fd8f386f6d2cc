/** Where a passage stands in an article, in UTF-16 units. */
export interface Passage {
  readonly start: number;
  readonly end: number;
}

/** A paragraph, a heading or an item of a list. `start` is where `text` stands in the article. */
export interface Block {
  readonly kind: "paragraph" | "heading" | "item";
  readonly start: number;
  readonly text: string;
}

const MARKER = /^(?:#{1,6}|[-*•]|\d{1,3}[.)])\s+/;

/** An article's text in blocks. Line breaks inside a block are spaces; what looks like HTML stays text. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { start: number; end: number } | null = null;
  const close = () => {
    if (open) blocks.push(blockAt(text, open.start, open.end));
    open = null;
  };
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    if (line.trim() === "") close();
    else if (open && !MARKER.test(line.trimStart())) open = { start: (open as Passage).start, end };
    else {
      close();
      open = { start, end };
      if (line.trimStart().startsWith("#")) close();
    }
    start = end + 1;
  }
  close();
  return blocks;
}

function blockAt(text: string, start: number, end: number): Block {
  const raw = text.slice(start, end);
  const lead = raw.length - raw.trimStart().length;
  const marker = MARKER.exec(raw.trimStart())?.[0] ?? "";
  const kind = marker === "" ? "paragraph" : marker.startsWith("#") ? "heading" : "item";
  // A numbered item keeps its number: the text may refer to it.
  const hidden = lead + (kind === "item" && /\d/.test(marker) ? 0 : marker.length);
  return { kind, start: start + hidden, text: raw.slice(hidden).trimEnd() };
}

/**
 * Where the quoted words stand, whatever their spacing; null when the article has them no more. Of several places the
 * one next to `near`, which counts code points as the server does.
 */
export function passageOf(text: string, quote: string, near: number | null = null): Passage | null {
  const words = quote.trim().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return null;
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "g");
  const wanted = near === null ? 0 : Array.from(text).slice(0, near).join("").length;
  const found = [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  return found.sort((a, b) => Math.abs(a.start - wanted) - Math.abs(b.start - wanted))[0] ?? null;
}

/** A block's text before, inside and after the place; the middle is empty where the passage is elsewhere. */
export function partsOf(block: Block, passage: Passage | null): readonly [string, string, string] {
  if (!passage) return [block.text, "", ""];
  const start = Math.min(block.text.length, Math.max(0, passage.start - block.start));
  const end = Math.min(block.text.length, Math.max(start, passage.end - block.start));
  return start === end ? [block.text, "", ""] : [block.text.slice(0, start), block.text.slice(start, end), block.text.slice(end)];
}
