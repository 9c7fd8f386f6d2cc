import { useState } from "react";
import { fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { usePlaces } from "../navigation";

interface Citation {
  readonly article: string;
  readonly title: string;
  readonly quote: string;
}

/** Where an answer comes from. A passage opens in place, under what is being read, and leads into its article. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  const { t } = useWording();
  const { openArticle } = usePlaces();
  const [open, setOpen] = useState<string | null>(null);
  if (citations.length === 0) return null;
  return (
    <ul className="citations" aria-label={t.sources}>
      {citations.map((citation) => {
        const key = `${citation.article}/${citation.quote}`;
        const isOpen = open === key;
        return (
          <li key={key}>
            <button type="button" className="plain" aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : key)}>
              <span aria-hidden="true" className="twist">
                {isOpen ? "▾" : "▸"}
              </span>
              {fill(t.readMore, { title: citation.title })}
            </button>
            {isOpen && (
              <>
                <blockquote>{citation.quote}</blockquote>
                <button type="button" className="plain whole" onClick={() => openArticle({ ...citation, near: null })}>
                  {t.wholeArticle}
                </button>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
