import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { TableProps } from "@cloudscape-design/components/table";
import { percent } from "@sotto/ui";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import type { CsvColumn } from "../table/csv";
import { type QueuedScorecard, nameOf } from "./queueView";

const INDICATOR = { UNSEEN: "pending", APPEALED: "warning", SEEN: "success" } as const;

export function queueColumns(t: Messages, locale: string): readonly TableProps.ColumnDefinition<QueuedScorecard>[] {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const score = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  return [
    { id: "started", header: t.scorecards.call, sortingField: "started", isRowHeader: true, cell: (row) => <Link href={hrefOf(["scorecards", row.contactId, row.form])} fontSize="inherit">{date.format(row.startedAtMs)}</Link> },
    { id: "agent", header: t.agent, sortingField: "agent", cell: (row) => nameOf(row) || t.none },
    { id: "team", header: t.team, sortingField: "team", cell: (row) => row.team ?? t.none },
    { id: "form", header: t.scorecards.form, sortingField: "form", cell: (row) => row.form.replaceAll("_", " ") },
    { id: "score", header: t.scorecards.score, sortingField: "score", cell: (row) => <Score row={row} t={t} score={score} /> },
    { id: "determined", header: t.scorecards.determined, sortingField: "determined", cell: (row) => percent(row.determined, locale) },
    { id: "state", header: t.scorecards.state, cell: (row) => <StatusIndicator type={INDICATOR[row.state]}>{t.scorecards.states[row.state]}</StatusIndicator> },
  ];
}

function Score({ row, t, score }: { row: QueuedScorecard; t: Messages; score: Intl.NumberFormat }) {
  if (row.hasFailed) return <StatusIndicator type="error">{row.percentage === null ? t.scorecards.failed : `${score.format(row.percentage)}, ${t.scorecards.failed}`}</StatusIndicator>;
  return <>{row.percentage === null ? t.none : score.format(row.percentage)}</>;
}

export function queueCsv(t: Messages): readonly CsvColumn<QueuedScorecard>[] {
  return [
    { title: t.conversations.id, value: (row) => row.contactId },
    { title: t.conversations.started, value: (row) => new Date(row.startedAtMs).toISOString() },
    { title: t.agent, value: (row) => nameOf(row) },
    { title: t.team, value: (row) => row.team },
    { title: t.queue, value: (row) => row.queue },
    { title: t.scorecards.form, value: (row) => row.form },
    { title: t.scorecards.score, value: (row) => row.percentage },
    { title: t.scorecards.failed, value: (row) => (row.hasFailed ? 1 : 0) },
    { title: t.scorecards.determined, value: (row) => row.determined },
    { title: t.scorecards.state, value: (row) => t.scorecards.states[row.state] },
  ];
}
