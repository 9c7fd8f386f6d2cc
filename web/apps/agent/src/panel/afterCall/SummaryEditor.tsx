import Button from "@cloudscape-design/components/button";
import Textarea from "@cloudscape-design/components/textarea";
import type { CallSummary } from "@sotto/api";
import { GraphqlRefused } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useState } from "react";
import type { Session } from "@sotto/call";
import { useWording } from "../../messages";

const LONGEST_LINE = 500;

/** Every line as text; what is emptied goes. The version that was opened is the one that is edited, whatever comes meanwhile. */
export function SummaryEditor({ summary, session, onClose }: { summary: CallSummary; session: Session; onClose: () => void }) {
  const { t } = useWording();
  const [texts, setTexts] = useState(() => summary.lines.map((line) => line.text));
  const [state, setState] = useState<"idle" | "sending" | "failed" | "refused">("idle");
  const kept = summary.lines.map((line, from) => ({ part: line.part, text: (texts[from] ?? "").trim(), from })).filter((line) => line.text !== "");
  const save = async () => {
    setState("sending");
    try {
      await session.editSummary(summary.version, kept);
      onClose();
    } catch (error) {
      setState(error instanceof GraphqlRefused ? "refused" : "failed");
    }
  };
  return (
    <form
      className="summary-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {summary.lines.map((line, at) => (
        <div key={at} className="part">
          {(at === 0 || summary.lines[at - 1]?.part !== line.part) && <h5>{t.summaryParts[line.part]}</h5>}
          <Textarea
            value={texts[at] ?? ""}
            rows={2}
            ariaLabel={fill(t.summaryLine, { part: t.summaryParts[line.part], number: at + 1 })}
            onChange={({ detail }) => setTexts((before) => before.map((text, place) => (place === at ? detail.value.slice(0, LONGEST_LINE) : text)))}
          />
        </div>
      ))}
      <p className="quiet fine-print">{t.summaryRemoveHint}</p>
      <div className="buttons">
        <Button variant="primary" formAction="submit" loading={state === "sending"} disabled={kept.length === 0}>
          {t.summarySave}
        </Button>
        <Button formAction="none" onClick={onClose}>
          {t.summaryCancel}
        </Button>
      </div>
      <p role="status" className="quiet">
        {state === "failed" ? t.summaryEditFailed : state === "refused" ? t.summaryEditRefused : ""}
      </p>
    </form>
  );
}
