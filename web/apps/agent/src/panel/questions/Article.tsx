import Button from "@cloudscape-design/components/button";
import { useEffect, useRef } from "react";
import type { Session } from "@sotto/call";
import { useWording } from "../../messages";
import type { Source } from "../navigation";
import "./Article.css";
import { ArticleText } from "./ArticleText";
import { useArticle } from "./useArticle";

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
        {fetched.state === "there" ? <ArticleText text={fetched.article.text} source={source} /> : <blockquote>{source.quote}</blockquote>}
      </div>
    </section>
  );
}
