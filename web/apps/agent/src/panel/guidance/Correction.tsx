import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import type { CorrectionKind } from "@sotto/api";
import { useWording } from "../../messages";
import "./RatingReason.css";

interface Props {
  intents: readonly string[];
  onCorrect: (kind: CorrectionKind, detail?: string) => void;
}

/** What would have been right, in one press; nobody has to. */
export function Correction({ intents, onCorrect }: Props) {
  const { t } = useWording();
  const [words, setWords] = useState<string | null>(null);
  return (
    <div className="rating-reason" role="group" aria-label={t.correction.title}>
      <span className="caption">{t.correction.title}</span>
      {words === null ? (
        <div className="choices">
          {intents.length > 0 && (
            <Select
              selectedOption={null}
              placeholder={t.correction.intent}
              ariaLabel={t.correction.intent}
              filteringType={intents.length > 10 ? "auto" : "none"}
              options={intents.map((value) => ({ value, label: value.replaceAll("_", " ") }))}
              onChange={({ detail }) => onCorrect("OTHER_INTENT", detail.selectedOption.value)}
            />
          )}
          <Button variant="inline-link" onClick={() => onCorrect("NO_INTENT")}>{t.correction.none}</Button>
          <Button variant="inline-link" onClick={() => onCorrect("ANSWER_INCOMPLETE")}>{t.correction.incomplete}</Button>
          <Button variant="inline-link" onClick={() => setWords("")}>{t.correction.words}</Button>
        </div>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const better = words.trim().slice(0, 500);
            if (better) onCorrect("BETTER_WORDS", better);
            else setWords(null);
          }}
        >
          <Input autoFocus value={words} ariaLabel={t.correction.words} onChange={({ detail }) => setWords(detail.value)} />
          <Button formAction="submit">{t.send}</Button>
        </form>
      )}
    </div>
  );
}
