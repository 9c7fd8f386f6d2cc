import { useEffect, useMemo, useRef } from "react";
import { blocksOf, partsOf, passageOf } from "@sotto/call";
import { useWording } from "../../messages";
import type { Source } from "../navigation";
import { ArticleBlock } from "./ArticleBlock";

/** The article with the quoted passage marked and in view. */
export function ArticleText({ text, source }: { text: string; source: Source }) {
  const { t } = useWording();
  const blocks = useMemo(() => blocksOf(text), [text]);
  const passage = useMemo(() => passageOf(text, source.quote, source.near), [text, source]);
  const quoted = useRef<HTMLElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no way to undo an effect.
    quoted.current?.scrollIntoView({ block: "center" });
  }, [passage]);
  const first = blocks.find((block) => partsOf(block, passage)[1] !== "");
  return (
    <>
      {passage === null && source.quote !== "" && (
        <>
          <p className="quiet">{t.article.changed}</p>
          <blockquote>{source.quote}</blockquote>
        </>
      )}
      {blocks.map((block) => (
        <ArticleBlock key={block.start} block={block} passage={passage} quoted={block === first ? quoted : null} />
      ))}
    </>
  );
}
