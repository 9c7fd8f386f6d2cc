import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { WorkflowRunParts } from "@sotto/api";
import { useWording } from "../messages";
import { stepText, wordsOf } from "./workflowText";

type Step = WorkflowRunParts["steps"][number];
const KINDS: Readonly<Record<Step["state"], StatusIndicatorProps.Type>> = { OPEN: "pending", DONE: "success", FAILED: "error", DECLINED: "stopped" };

/** What was done so far, step by step, and by whom. */
export function StepsSoFar({ steps }: { steps: readonly Step[] }) {
  const { t, locale } = useWording();
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  return (
    <Table
      wrapLines
      trackBy="key"
      items={steps}
      ariaLabels={{ tableLabel: t.workflows.soFar }}
      header={
        <Header variant="h2" counter={`(${steps.length})`}>
          {t.workflows.soFar}
        </Header>
      }
      empty={<Box color="text-body-secondary">{t.workflows.nothingYet}</Box>}
      columnDefinitions={[
        { id: "step", header: t.workflows.step, isRowHeader: true, minWidth: 140, cell: (step) => stepText(step.key, t) },
        { id: "state", header: t.workflows.state, minWidth: 120, cell: (step) => <StatusIndicator type={KINDS[step.state]}>{t.workflows.stepStates[step.state]}</StatusIndicator> },
        { id: "what", header: t.workflows.what, minWidth: 240, cell: (step) => <What step={step} /> },
        { id: "by", header: t.workflows.by, minWidth: 100, cell: (step) => step.by ?? t.none },
        { id: "at", header: t.workflows.at, minWidth: 120, cell: (step) => date.format(step.atMs) },
      ]}
    />
  );
}

function What({ step }: { step: Step }) {
  const { t, locale } = useWording();
  const origins: Readonly<Record<string, string>> = t.workflows.origins;
  if (step.kind === "human" && step.state !== "OPEN") {
    const choice = step.choiceTitle === null ? t.workflows.nobody : wordsOf(step.choiceTitle, locale);
    return <>{step.reason === null ? choice : `${choice}: ${step.reason}`}</>;
  }
  const texts = step.state === "FAILED" && step.reason !== null ? [step.reason] : step.texts;
  return (
    <>
      {texts.map((text, place) => (
        <Box key={place} variant="p">
          {text}
        </Box>
      ))}
      {step.origin !== null && <Box color="text-body-secondary">{origins[step.origin]}</Box>}
    </>
  );
}
