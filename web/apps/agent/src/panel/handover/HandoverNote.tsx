import type { CallSummary } from "@sotto/api";
import { summaryParts } from "@sotto/call";
import { useState } from "react";
import { useWording } from "../../messages";
import { promiseOf } from "../afterCall/summaryText";
import "./HandoverNote.css";

/** What the agents before have heard and promised, so that the customer need not say it again. */
export function HandoverNote({ note }: { note: CallSummary }) {
  const wording = useWording();
  const { t } = wording;
  const [isOpen, setOpen] = useState(true);
  return (
    <details className="handover-note" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>{t.handoverNote}</h3>
      </summary>
      {summaryParts(note).map(([part, lines]) => (
        <div key={part} className="part">
          <h4>{t.handoverParts[part]}</h4>
          <ul>
            {lines.map((line) => (
              <li key={line.text}>
                {line.text} {promiseOf(line, wording) && <span className="quiet promise-of">{promiseOf(line, wording)}</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
