import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { FigureFormInput } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { csvOf, saveText } from "../table/csv";
import { behindList, type BehindRow } from "./behindList";

/** The conversations that a figure rests on, those worth opening, page by page. Another form is another list: give it a key. */
export function Behind({ graphql, form }: { graphql: Requests; form: FigureFormInput }) {
  const { t, locale } = useWording();
  const [list] = useState(() => behindList(graphql, form));
  const { rows, cursor, state: read } = useSyncExternalStore(list.watch, list.snapshot);
  const state = read === "refused" ? "failed" : read; // who may see the figure may see what is behind it
  useEffect(() => void list.more(), [list]);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  return (
    <div data-behind={state}>
      <Table
        variant="embedded"
        items={rows}
        trackBy="conversationId"
        loading={state === "loading" && rows.length === 0}
        loadingText={t.conversations.loading}
        ariaLabels={{ tableLabel: t.figures.conversations }}
        columnDefinitions={[
          { id: "at", header: t.conversations.started, isRowHeader: true, cell: (row) => (row.isReadable ? <Link href={hrefOf(["conversations", row.conversationId])}>{date.format(row.latestMs)}</Link> : date.format(row.latestMs)) },
          { id: "agent", header: t.agent, cell: (row) => row.agent ?? t.none },
          { id: "queue", header: t.queue, cell: (row) => row.queue ?? t.none },
          { id: "kind", header: t.figures.kept, cell: (row) => <Kept row={row} /> },
        ]}
        empty={state === "failed" ? <Empty title={t.figures.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={() => void list.more()} /> : <Empty title={t.figures.noConversations} text={t.figures.noConversationsText} />}
        header={
          <Header
            variant="h2"
            counter={`(${rows.length}${cursor === null ? "" : "+"})`}
            description={t.figures.conversationsText}
            actions={
              <Button iconName="download" disabled={rows.length === 0} onClick={() => saveText(`${form.metric}-${t.conversations.csvName}.csv`, csvOf(COLUMNS, rows))}>
                {t.exportCsv}
              </Button>
            }
          >
            {t.figures.conversations}
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

function Kept({ row }: { row: BehindRow }) {
  const { t } = useWording();
  if (row.synthetic) return <StatusIndicator type="info">{t.figures.madeUp}</StatusIndicator>;
  return row.isReadable ? t.none : <StatusIndicator type="stopped">{t.figures.notKept}</StatusIndicator>;
}

const COLUMNS = [
  { title: "conversation", value: (row: BehindRow) => row.conversationId },
  { title: "latest", value: (row: BehindRow) => new Date(row.latestMs).toISOString() },
  { title: "agent", value: (row: BehindRow) => row.agent },
  { title: "queue", value: (row: BehindRow) => row.queue },
  { title: "synthetic", value: (row: BehindRow) => String(row.synthetic) },
];
