import Button from "@cloudscape-design/components/button";
import { useEffect, useState } from "react";
import type { Spoken, Summary as Given, SummaryPart } from "@sotto/api";
import { callTime, copyText, fill } from "@sotto/ui";
import { useWording, type Wording } from "../../messages";
import { usePlaces } from "../navigation";

/** Longer than a summary takes; then it is said that there is none. */
const PATIENCE_MS = 40_000;

/** What the call was about, who says so, and where each line stands in the transcript. */
export function Summary({ summary, lines }: { summary: Given | null; lines: readonly Spoken[] }) {
  const wording = useWording();
  const { t } = wording;
  const [isCopied, setCopied] = useState(false);
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section className="summary" aria-labelledby="summary-title">
      <h4 id="summary-title">{t.summary}</h4>
      {summary === null ? (
        <p role="status" className="quiet">
          {isLate ? t.summaryNone : t.summaryComes}
        </p>
      ) : (
        <>
          {partsOf(summary).map(([part, texts]) => (
            <div key={part} className={`part ${part.toLowerCase()}`}>
              {part !== "TOLD" && <h5>{t.summaryParts[part]}</h5>}
              <ul>
                {texts.map((line) => (
                  <li key={line.text}>
                    {line.text} <Times ids={line.utteranceIds} lines={lines} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <p className="quiet origin">{summary.origin === "MODEL" ? fill(t.summaryWritten, { model: summary.model }) : t.summaryQuoted}</p>
          <Button iconName={isCopied ? "check" : "copy"} onClick={() => void copyText(summaryText(summary, wording)).then(setCopied)}>
            {isCopied ? t.copied : t.copySummary}
          </Button>
        </>
      )}
    </section>
  );
}

/** When it was said; a press leads there. */
function Times({ ids, lines }: { ids: readonly string[]; lines: readonly Spoken[] }) {
  const { t } = useWording();
  const { toLine } = usePlaces();
  return (
    <>
      {lines
        .filter((line) => ids.includes(line.id))
        .map((line) => (
          <button
            key={line.id}
            type="button"
            className="plain cited"
            aria-label={fill(t.saidAt, { who: line.speaker === "CUSTOMER" ? t.customer : t.agent, time: callTime(line.startMs) })}
            onClick={() => toLine(line.id)}
          >
            <time>{callTime(line.startMs)}</time>
          </button>
        ))}
    </>
  );
}

function partsOf(summary: Given): readonly (readonly [SummaryPart, Given["lines"]])[] {
  const parts = [...new Set(summary.lines.map((line) => line.part))];
  return parts.map((part) => [part, summary.lines.filter((line) => line.part === part)] as const);
}

/** As text for the customer's record, which says of itself how it was made. */
export function summaryText(summary: Given, { t }: Wording): string {
  const parts = partsOf(summary).flatMap(([part, texts]) => {
    const bullets = texts.map((line) => `- ${line.text}`);
    return part === "TOLD" ? bullets : [`${t.summaryParts[part]}:`, ...bullets];
  });
  return [`${t.summary} (${summary.origin === "MODEL" ? t.summaryWrittenShort : t.summaryQuotedShort})`, ...parts].join("\n");
}
