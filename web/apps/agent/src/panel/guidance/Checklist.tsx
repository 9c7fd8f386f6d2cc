import { useState } from "react";
import type { Task } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useWording } from "../../messages";

const SIGN = { OPEN: "○", DONE: "✓", MISSED: "!" } as const;

/** Ticks itself from what is said. What is done steps aside, because only what is left asks for attention. */
export function Checklist({ tasks }: { tasks: readonly Task[] }) {
  const { t } = useWording();
  const [showDone, setShowDone] = useState(false);
  if (tasks.length === 0) return null;
  const done = tasks.filter((task) => task.state === "DONE").length;
  return (
    <section className="checklist" aria-labelledby="checklist-title">
      <h2 id="checklist-title">
        <button type="button" className="plain" aria-expanded={showDone} onClick={() => setShowDone(!showDone)}>
          <span>
            {t.checklist} <span className="count">{fill(t.checklistCount, { done, total: tasks.length })}</span>
          </span>
          <Progress tasks={tasks} />
        </button>
      </h2>
      <ul>
        {tasks.filter((task) => task.state !== "DONE" || showDone).map((task) => (
          <li key={`${task.checklist}/${task.name}`} className={task.state.toLowerCase()}>
            <span aria-hidden="true" className="sign">
              {SIGN[task.state]}
            </span>
            <span>{task.title}</span>
            <span className="offscreen"> ({t.taskState[task.state]})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A mark for each task in its order: how far the call has come, without reading. */
function Progress({ tasks }: { tasks: readonly Task[] }) {
  return (
    <span className="progress" aria-hidden="true">
      {tasks.map((task) => (
        <span key={`${task.checklist}/${task.name}`} className={task.state.toLowerCase()} />
      ))}
    </span>
  );
}
