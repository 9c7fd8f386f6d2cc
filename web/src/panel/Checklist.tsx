import type { Task } from "../api/generated";
import { fill, useWording } from "../messages";

const SIGN = { OPEN: "○", DONE: "✓", MISSED: "!" } as const;

/** Ticks itself from what is said: nothing here is to be clicked. */
export function Checklist({ tasks }: { tasks: readonly Task[] }) {
  const { t } = useWording();
  if (tasks.length === 0) return null;
  const done = tasks.filter((task) => task.state === "DONE").length;
  return (
    <section className="checklist" aria-labelledby="checklist-title">
      <h2 id="checklist-title">
        {t.checklist} <span className="count">{fill(t.checklistCount, { done, total: tasks.length })}</span>
      </h2>
      <ul>
        {tasks.map((task) => (
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
