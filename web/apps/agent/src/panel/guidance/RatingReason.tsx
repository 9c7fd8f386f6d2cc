import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useWording } from "../../messages";
import "./RatingReason.css";

/** Asks for a reason in the card itself; one press answers, and nobody has to. */
export function RatingReason({ onAnswer }: { onAnswer: (reason: string | null) => void }) {
  const { t } = useWording();
  const [text, setText] = useState<string | null>(null);
  return (
    <div className="rating-reason" role="group" aria-label={t.ratingReason}>
      <span className="caption">{t.ratingReason}</span>
      {text === null ? (
        <div className="choices">
          {(["wrong", "late", "known"] as const).map((reason) => (
            <Button key={reason} variant="inline-link" onClick={() => onAnswer(reason)}>
              {t.reasons[reason]}
            </Button>
          ))}
          <Button variant="inline-link" onClick={() => setText("")}>{t.reasons.other}</Button>
          <Button variant="inline-link" onClick={() => onAnswer(null)}>
            {t.skip}
          </Button>
        </div>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onAnswer(text.trim().slice(0, 500) || null);
          }}
        >
          <Input autoFocus value={text} ariaLabel={t.ratingReason} onChange={({ detail }) => setText(detail.value)} />
          <Button formAction="submit">{t.send}</Button>
        </form>
      )}
    </div>
  );
}
