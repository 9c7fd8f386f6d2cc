import { useState } from "react";
import { fill, useWording } from "../messages";

interface Citation {
  readonly article: string;
  readonly title: string;
  readonly quote: string;
}

/** Where an answer comes from. A source opens in place, under what is being read. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  const { t } = useWording();
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
            {isOpen && <blockquote>{citation.quote}</blockquote>}
          </li>
        );
      })}
    </ul>
  );
}
