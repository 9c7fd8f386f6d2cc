import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Flashbar from "@cloudscape-design/components/flashbar";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { CancelWorkflow, DecideWorkflow, GraphqlRefused, OneWorkflow, type TokenSource, type WorkflowRunParts } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { Decision } from "./Decision";
import { StateOfWorkflow } from "./StateOfWorkflow";
import { StepsSoFar } from "./StepsSoFar";
import { mayEnd, wordsOf } from "./workflowText";

interface Props {
  graphql: Requests;
  token: TokenSource;
  id: string;
}

const DECIDERS: readonly string[] = ["supervisor", "quality"];

/** One run: what is to be decided, what was done so far, and the conversation that it is about. */
export function WorkflowPage({ graphql, token, id }: Props) {
  const { t, locale } = useWording();
  const role = useRole(token);
  const [answer, again] = useAnswer(graphql, OneWorkflow, { workflowId: id });
  const [state, setState] = useState<{ sending: boolean; reason: string | null }>({ sending: false, reason: null });
  const send = (request: Promise<unknown>) => {
    setState({ sending: true, reason: null });
    request.then(
      () => {
        setState({ sending: false, reason: null });
        again();
      },
      (error: unknown) => {
        setState({ sending: false, reason: error instanceof GraphqlRefused && error.kind !== "Unavailable" ? error.message : t.workflows.failed });
        again();
      },
    );
  };
  if (answer.state === "refused") return <Empty level="h1" title={t.workflows.noRun} text={answer.reason} action={t.workflows.toList} href={hrefOf(["workflows"])} />;
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const run = answer.data.workflow;
  const mayDecide = role !== null && DECIDERS.includes(role);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.workflows.oneText}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={again}>{t.workflows.refresh}</Button>
              {mayDecide && mayEnd(run) && (
                <Button disabled={state.sending} onClick={() => send(graphql.request(CancelWorkflow, { workflowId: id }))}>
                  {t.workflows.cancel}
                </Button>
              )}
            </SpaceBetween>
          }
        >
          {wordsOf(run.title, locale)}
        </Header>
      }
    >
      <div data-workflow={run.state}>
        <SpaceBetween size="l">
          {state.reason !== null && <Flashbar items={[{ type: "error", content: state.reason }]} />}
          {run.waiting !== null && (
            <Decision
              key={run.waiting.step}
              waiting={run.waiting}
              mayDecide={mayDecide}
              isSending={state.sending}
              onDecide={(step, choice, reason) => send(graphql.request(DecideWorkflow, { workflowId: id, step, choice, reason }))}
            />
          )}
          <Facts run={run} />
          <StepsSoFar steps={run.steps} />
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}

function Facts({ run }: { run: WorkflowRunParts }) {
  const { t, locale } = useWording();
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const starters: Readonly<Record<string, string>> = t.workflows.starters;
  return (
    <Container header={<Header variant="h2">{t.workflows.about}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: t.workflows.state, value: <StateOfWorkflow state={run.state} /> },
          { label: t.workflows.started, value: date.format(run.startedAtMs) },
          { label: t.workflows.startedBy, value: starters[run.startedBy] ?? run.startedBy },
          { label: t.workflows.agent, value: run.agent ?? t.none },
          { label: t.workflows.team, value: run.team ?? t.none },
          { label: t.workflows.conversation, value: <Link href={hrefOf(["conversations", run.contactId])}>{t.workflows.toConversation}</Link> },
        ]}
      />
    </Container>
  );
}
