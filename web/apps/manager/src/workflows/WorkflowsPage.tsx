import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { WorkflowRowParts } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import { type Route, hrefOf } from "../routes/route";
import { refine } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { StateOfWorkflow } from "./StateOfWorkflow";
import { workflowList } from "./workflowList";
import { wordsOf } from "./workflowText";

interface Props {
  graphql: Requests;
  route: Route;
}

/** What workflows wait for, the latest first. */
export function WorkflowsPage({ graphql, route }: Props) {
  const { t } = useWording();
  const showsAll = route.query.get("show") === "all";
  return (
    <Listed
      key={String(showsAll)}
      graphql={graphql}
      showsAll={showsAll}
      filter={
        <SegmentedControl
          label={t.workflows.show}
          selectedId={showsAll ? "all" : "waiting"}
          options={[
            { id: "waiting", text: t.workflows.waiting },
            { id: "all", text: t.workflows.all },
          ]}
          onChange={({ detail }) => refine({ show: detail.selectedId === "all" ? "all" : null })}
        />
      }
    />
  );
}

interface ListedProps {
  graphql: Requests;
  showsAll: boolean;
  filter: ReactNode;
}

function Listed({ graphql, showsAll, filter }: ListedProps) {
  const { t, locale } = useWording();
  const [list] = useState(() => workflowList(graphql, !showsAll));
  const { rows, cursor, state, reason } = useSyncExternalStore(list.watch, list.snapshot);
  useEffect(() => void list.more(), [list]);
  const columns = useMemo(() => columnsOf(t, locale), [t, locale]);
  return (
    <div data-workflows={state}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy="id"
        items={rows}
        columnDefinitions={columns}
        loading={state === "loading" && rows.length === 0}
        loadingText={t.conversations.loading}
        ariaLabels={{ tableLabel: t.workflows.title }}
        empty={<NoWorkflows state={state} reason={reason} showsAll={showsAll} onRetry={() => void list.more()} />}
        filter={filter}
        header={
          <Header variant="awsui-h1-sticky" counter={`(${rows.length}${cursor === null ? "" : "+"})`} description={t.workflows.description}>
            {t.workflows.title}
          </Header>
        }
        footer={
          cursor !== null && (
            <Button loading={state === "loading"} onClick={() => void list.more()}>
              {state === "failed" ? t.conversations.retry : t.figures.more}
            </Button>
          )
        }
      />
    </div>
  );
}

function columnsOf(t: Messages, locale: string): readonly TableProps.ColumnDefinition<WorkflowRowParts>[] {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  return [
    {
      id: "title",
      header: t.workflows.one,
      isRowHeader: true,
      minWidth: 220,
      cell: (row) => <Link href={hrefOf(["workflows", row.id])}>{wordsOf(row.title, locale)}</Link>,
    },
    { id: "state", header: t.workflows.state, minWidth: 160, cell: (row) => <StateOfWorkflow state={row.state} /> },
    { id: "since", header: t.workflows.since, minWidth: 120, cell: (row) => date.format(row.waitsSinceMs ?? row.startedAtMs) },
    { id: "agent", header: t.workflows.agent, minWidth: 100, cell: (row) => row.agent ?? t.none },
    { id: "team", header: t.workflows.team, minWidth: 100, cell: (row) => row.team ?? t.none },
    { id: "conversation", header: t.workflows.conversation, minWidth: 120, cell: (row) => <Link href={hrefOf(["conversations", row.contactId])}>{t.workflows.toConversation}</Link> },
  ];
}

interface NoWorkflowsProps {
  state: string;
  reason: string;
  showsAll: boolean;
  onRetry: () => void;
}

function NoWorkflows({ state, reason, showsAll, onRetry }: NoWorkflowsProps) {
  const { t } = useWording();
  if (state === "refused") return <Empty title={t.figures.refused} text={reason} />;
  if (state === "failed") return <Empty title={t.conversations.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={onRetry} />;
  if (showsAll) return <Empty title={t.workflows.none} text={t.workflows.noneText} />;
  return <Empty title={t.workflows.noneWaiting} text={t.workflows.noneWaitingText} />;
}
