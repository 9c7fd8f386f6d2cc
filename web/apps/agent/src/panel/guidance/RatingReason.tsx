import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useWording } from "../../messages";

/** Asks for a reason in the card itself; one press answers, and nobody has to. */
export function WhyNot({ onAnswer }: { onAnswer: (reason: string | null) => void }) {
  const { t } = useWording();
  const [text, setText] = useState<string | null>(null);
  return (
    <div className="why" role="group" aria-label={t.whyNot}>
      <span className="say">{t.whyNot}</span>
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
          <Input autoFocus value={text} ariaLabel={t.whyNot} onChange={({ detail }) => setText(detail.value)} />
          <Button formAction="submit">{t.send}</Button>
        </form>
      )}
    </div>
  );
}
