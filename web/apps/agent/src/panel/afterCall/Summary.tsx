import Button from "@cloudscape-design/components/button";
import type { CallSummary, Utterance } from "@sotto/api";
import { CopyButton, fill } from "@sotto/ui";
import { useEffect, useState } from "react";
import { type Session, summaryParts } from "@sotto/call";
import { useWording } from "../../messages";
import "./Summary.css";
import { SummaryEditor } from "./SummaryEditor";
import { lineText, promiseOf, summaryText } from "./summaryText";
import { UtteranceTimes } from "./UtteranceTimes";

/** Longer than a summary takes; then it is said that there is none. */
const TIMEOUT_MS = 40_000;

/** What the call was about, who says so, and where each line stands in the transcript; the agent may correct it. */
export function Summary({ summary, utterances, session }: { summary: CallSummary | null; utterances: readonly Utterance[]; session: Session }) {
  const wording = useWording();
  const { t } = wording;
  const [isLate, setLate] = useState(false);
  const [edited, setEdited] = useState<CallSummary | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), TIMEOUT_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section className="summary" aria-labelledby="summary-title">
      <h4 id="summary-title">{t.summary}</h4>
      {summary === null ? (
        <p role="status" className="quiet">
          {isLate ? t.summaryNone : t.summaryComes}
        </p>
      ) : edited ? (
        <SummaryEditor summary={edited} session={session} onClose={() => setEdited(null)} />
      ) : (
        <>
          {summaryParts(summary).map(([part, lines]) => (
            <div key={part} className={`part ${part.toLowerCase()}`}>
              {part !== "OVERVIEW" && <h5>{t.summaryParts[part]}</h5>}
              <ul>
                {lines.map((line) => (
                  <li key={line.text}>
                    {lineText(line, t)} {promiseOf(line, wording) && <span className="quiet promise-of">{promiseOf(line, wording)}</span>} <UtteranceTimes ids={line.utteranceIds} utterances={utterances} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <p className="quiet fine-print">
            {summary.origin === "EDITED" ? fill(t.summaryEdited, { agent: summary.editedBy ?? t.agent }) : summary.origin === "MODEL" ? fill(t.summaryWritten, { model: summary.model }) : t.summaryQuoted}
          </p>
          <div className="buttons">
            <CopyButton label={t.copySummary} copiedLabel={t.copied} text={() => summaryText(summary, wording)} />
            <Button iconName="edit" onClick={() => setEdited(summary)}>
              {t.summaryEdit}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
