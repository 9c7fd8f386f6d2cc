import Badge from "@cloudscape-design/components/badge";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ConversationRow } from "@sotto/api";
import { callTime } from "@sotto/ui";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import type { CsvColumn } from "../table/csv";

type Contact = ConversationRow["contacts"][number];
/** More of them say no more. */
const MOST_MOMENTS = 4;

export function conversationColumns(t: Messages, locale: string): readonly TableProps.ColumnDefinition<ConversationRow>[] {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const score = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  return [
    { id: "started", header: t.conversations.started, sortingField: "STARTED", isRowHeader: true, cell: (row) => <Link href={hrefOf(["conversations", idOf(row)])} fontSize="inherit">{date.format(row.startedAtMs)}</Link> },
    { id: "agent", header: t.agent, cell: (row) => <Agents row={row} t={t} /> },
    { id: "summary", header: t.conversations.summary, minWidth: 280, cell: (row) => (row.contacts.some((contact) => contact.isErased) ? t.conversations.erased : distinct(row, (contact) => contact.summary).join(" · ") || t.none) },
    { id: "moments", header: t.conversations.moments, minWidth: 160, cell: (row) => <Moments row={row} /> },
    { id: "disposition", header: t.conversations.disposition, cell: (row) => distinct(row, (contact) => contact.disposition).join(" · ") || t.none },
    { id: "score", header: t.conversations.score, sortingField: "SCORE", cell: (row) => (row.score === null ? t.none : score.format(row.score)) },
    { id: "duration", header: t.conversations.duration, sortingField: "DURATION", cell: (row) => (row.durationMs === null ? <StatusIndicator type="in-progress">{t.conversations.underWay}</StatusIndicator> : <time>{callTime(row.durationMs)}</time>) },
    { id: "channel", header: t.conversations.channel, cell: (row) => distinct(row, (contact) => t.conversations.channels[contact.channel]).join(" · ") },
    { id: "team", header: t.team, cell: (row) => distinct(row, (contact) => contact.team).join(" · ") || t.none },
    { id: "queue", header: t.queue, cell: (row) => distinct(row, (contact) => contact.queue).join(" · ") || t.none },
  ];
}

/** The first contact stands for its conversation. */
export function idOf(row: ConversationRow): string {
  return row.contacts[0]?.contactId ?? row.conversationId;
}

function distinct(row: ConversationRow, value: (contact: Contact) => string | null): readonly string[] {
  return [...new Set(row.contacts.map(value).filter((each) => each !== null))];
}

/** Each leads to the part of the conversation that was theirs. */
function Agents({ row, t }: { row: ConversationRow; t: Messages }) {
  return (
    <SpaceBetween size="xxxs">
      {row.contacts.map((contact) => (
        <Link key={contact.contactId} href={hrefOf(["conversations", contact.contactId])} variant="secondary" fontSize="inherit">
          {contact.agentName ?? contact.agent ?? t.conversation.noAgent}
        </Link>
      ))}
    </SpaceBetween>
  );
}

function Moments({ row }: { row: ConversationRow }) {
  const names = [...new Set(row.contacts.flatMap((contact) => contact.moments))];
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {names.slice(0, MOST_MOMENTS).map((name) => (
        <Badge key={name}>{name.replaceAll("_", " ")}</Badge>
      ))}
      {names.length > MOST_MOMENTS && <span className="quiet">+{names.length - MOST_MOMENTS}</span>}
    </SpaceBetween>
  );
}

export function conversationCsv(t: Messages): readonly CsvColumn<ConversationRow>[] {
  const joined = (value: (contact: Contact) => string | null) => (row: ConversationRow) => distinct(row, value).join("; ");
  return [
    { title: t.conversations.id, value: (row) => row.conversationId },
    { title: t.conversations.started, value: (row) => new Date(row.startedAtMs).toISOString() },
    { title: t.conversations.seconds, value: (row) => (row.durationMs === null ? null : Math.round(row.durationMs / 1000)) },
    { title: t.agent, value: joined((contact) => contact.agentName ?? contact.agent) },
    { title: t.team, value: joined((contact) => contact.team) },
    { title: t.queue, value: joined((contact) => contact.queue) },
    { title: t.conversations.channel, value: joined((contact) => contact.channel.toLowerCase()) },
    { title: t.language, value: joined((contact) => contact.language) },
    { title: t.conversations.disposition, value: joined((contact) => contact.disposition) },
    { title: t.conversations.score, value: (row) => row.score },
    { title: t.conversations.moments, value: (row) => [...new Set(row.contacts.flatMap((contact) => contact.moments))].join("; ") },
    { title: t.conversations.summary, value: joined((contact) => contact.summary) },
  ];
}
