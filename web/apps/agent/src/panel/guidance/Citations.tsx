import type { Annotation } from "@sotto/api";
import { useState } from "react";
import { useWording } from "../../messages";
import { Citation } from "./Citation";

/** Where an answer comes from; one passage is open at a time. */
export function Citations({ citations }: { citations: Annotation["citations"] }) {
  const { t } = useWording();
  const [open, setOpen] = useState<string | null>(null);
  if (citations.length === 0) return null;
  return (
    <ul className="citations" aria-label={t.sources}>
      {citations.map((citation) => {
        const key = `${citation.article}/${citation.quote}`;
        const isOpen = open === key;
        return <Citation key={key} citation={citation} isOpen={isOpen} onToggle={() => setOpen(isOpen ? null : key)} />;
      })}
    </ul>
  );
}
