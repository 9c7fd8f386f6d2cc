import type { ChecklistItem } from "@sotto/api";
import { PlainButton, fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../../messages";
import "./Checklist.css";
import { ChecklistProgress } from "./ChecklistProgress";

const SIGN = { OPEN: "○", DONE: "✓", MISSED: "!" } as const;

/** Ticks itself from what is said. What is done steps aside, because only what is left asks for attention. */
export function Checklist({ items }: { items: readonly ChecklistItem[] }) {
  const { t } = useWording();
  const [showDone, setShowDone] = useState(false);
  if (items.length === 0) return null;
  const done = items.filter((item) => item.state === "DONE").length;
  return (
    <section className="checklist" aria-labelledby="checklist-title">
      <h2 id="checklist-title">
        <PlainButton aria-expanded={showDone} onClick={() => setShowDone(!showDone)}>
          <span>
            {t.checklist} <span className="count">{fill(t.checklistCount, { done, total: items.length })}</span>
          </span>
          <ChecklistProgress items={items} />
        </PlainButton>
      </h2>
      <ul>
        {items
          .filter((item) => item.state !== "DONE" || showDone)
          .map((item) => (
            <li key={`${item.checklist}/${item.name}`} className={item.state.toLowerCase()}>
              <span aria-hidden="true" className="sign">
                {SIGN[item.state]}
              </span>
              <span>{item.title}</span>
              <span className="offscreen"> ({t.checklistState[item.state]})</span>
            </li>
          ))}
      </ul>
    </section>
  );
}
