import Button from "@cloudscape-design/components/button";
import { useEffect, useMemo, useRef, useState } from "react";
import { type Block, blocksOf, partsOf, type Place, placeOf } from "../../call/article";
import type { Article as Whole, Session } from "../../call/session";
import { useWording } from "../../messages";
import type { Source } from "../navigation";

type Fetched = { state: "fetching" | "failed" | "gone" } | { state: "there"; article: Whole };

/** A whole article in the transcript's place, at the passage that was quoted. The card above stays as it is. */
export function Article({ session, source, onClose }: { session: Session; source: Source; onClose: () => void }) {
  const { t } = useWording();
  const fetched = useArticle(session, source.article);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section className="article" aria-label={source.title} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <Button variant="icon" iconName="arrow-left" ariaLabel={t.backToTranscript} onClick={onClose} />
        <h2>{fetched.state === "there" ? fetched.article.title : source.title}</h2>
      </header>
      <div className="pages" ref={box} tabIndex={0} role="group" aria-label={source.title}>
        <p role="status" className="quiet">
          {fetched.state === "there" ? "" : t.article[fetched.state]}
        </p>
        {fetched.state === "there" ? <Text article={fetched.article} source={source} /> : <blockquote>{source.quote}</blockquote>}
      </div>
    </section>
  );
}

function Text({ article, source }: { article: Whole; source: Source }) {
  const { t } = useWording();
  const blocks = useMemo(() => blocksOf(article.text), [article]);
  const place = useMemo(() => placeOf(article.text, source.quote, source.near), [article, source]);
  const quoted = useRef<HTMLElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no way to undo an effect.
    quoted.current?.scrollIntoView({ block: "center" });
  }, [place]);
  const first = blocks.find((block) => partsOf(block, place)[1] !== "");
  return (
    <>
      {place === null && source.quote !== "" && (
        <>
          <p className="quiet">{t.article.changed}</p>
          <blockquote>{source.quote}</blockquote>
        </>
      )}
      {blocks.map((block) => (
        <Words key={block.start} block={block} place={place} quoted={block === first ? quoted : null} />
      ))}
    </>
  );
}

function Words({ block, place, quoted }: { block: Block; place: Place | null; quoted: React.Ref<HTMLElement> }) {
  const [before, inside, after] = partsOf(block, place);
  const words = (
    <>
      {before}
      {inside !== "" && <mark ref={quoted}>{inside}</mark>}
      {after}
    </>
  );
  return block.kind === "heading" ? <h3>{words}</h3> : <p className={block.kind}>{words}</p>;
}

function useArticle(session: Session, id: string): Fetched {
  const [fetched, setFetched] = useState<Fetched>({ state: "fetching" });
  useEffect(() => {
    let isWanted = true;
    const show = (found: Fetched) => isWanted && setFetched(found);
    session.article(id).then(
      (article) => show(article ? { state: "there", article } : { state: "gone" }),
      () => show({ state: "failed" }),
    );
    return () => {
      isWanted = false;
    };
  }, [session, id]);
  return fetched;
}
