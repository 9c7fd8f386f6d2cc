import type { Ref } from "react";
import { type Block, type Passage, partsOf } from "@sotto/call";
import "./ArticleBlock.css";

/** A heading, paragraph or item; `quoted` is the mark to scroll to. */
export function ArticleBlock({ block, passage, quoted }: { block: Block; passage: Passage | null; quoted: Ref<HTMLElement> }) {
  const [before, inside, after] = partsOf(block, passage);
  const words = (
    <>
      {before}
      {inside !== "" && <mark ref={quoted}>{inside}</mark>}
      {after}
    </>
  );
  return block.kind === "heading" ? <h3>{words}</h3> : <p className={block.kind}>{words}</p>;
}
