import { useEffect, useState } from "react";
import type { Article, Session } from "@sotto/call";

export type FetchedArticle = { state: "fetching" | "failed" | "gone" } | { state: "there"; article: Article };

export function useArticle(session: Session, id: string): FetchedArticle {
  const [fetched, setFetched] = useState<FetchedArticle>({ state: "fetching" });
  useEffect(() => {
    let isCurrent = true;
    const show = (found: FetchedArticle) => isCurrent && setFetched(found);
    session.article(id).then(
      (article) => show(article ? { state: "there", article } : { state: "gone" }),
      () => show({ state: "failed" }),
    );
    return () => {
      isCurrent = false;
    };
  }, [session, id]);
  return fetched;
}
