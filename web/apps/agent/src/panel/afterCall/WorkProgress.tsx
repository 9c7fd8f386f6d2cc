import type { AfterCallWork, StepOutcome } from "@sotto/api";
import { useWording } from "../../messages";
import "./WorkProgress.css";

const SIGN: Record<StepOutcome, string> = { PENDING: "…", DONE: "✓", NOTHING: "–", FAILED: "!" };

/** How far what is made of the call is, a step at a time. */
export function WorkProgress({ work }: { work: AfterCallWork }) {
  const { t } = useWording();
  const steps = work.steps.flatMap(({ step, outcome }) => {
    const text = t.afterCallSteps[step]?.[outcome];
    return text === undefined ? [] : [{ step, outcome, text }];
  });
  if (steps.length === 0) return null;
  return (
    <div className="work-progress" role="status" aria-label={t.afterCallWork}>
      {steps.map(({ step, outcome, text }) => (
        <span key={step} className={outcome.toLowerCase()}>
          <span aria-hidden="true">{SIGN[outcome]}</span> {text}
        </span>
      ))}
    </div>
  );
}
