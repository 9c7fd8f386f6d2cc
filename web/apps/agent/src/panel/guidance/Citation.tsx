import type { Annotation } from "@sotto/api";
import { Disclosure, PlainButton, fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { useNavigation } from "../navigation";
import { Origin } from "./Origin";
import "./Citation.css";

interface Props {
  citation: Annotation["citations"][number];
  isOpen: boolean;
  onToggle: () => void;
}

/** A passage that opens in place, under what is being read, and leads into its article. */
export function Citation({ citation, isOpen, onToggle }: Props) {
  const { t } = useWording();
  const { openArticle } = useNavigation();
  return (
    <li>
      <Disclosure isOpen={isOpen} onToggle={onToggle}>
        {fill(t.readMore, { title: citation.title })}
      </Disclosure>
      {isOpen && (
        <>
          <blockquote>{citation.quote}</blockquote>
          <Origin source={citation.source} date={citation.date} />
          <PlainButton className="whole" onClick={() => openArticle({ ...citation, near: null })}>
            {t.wholeArticle}
          </PlainButton>
        </>
      )}
    </li>
  );
}
