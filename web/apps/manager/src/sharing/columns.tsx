import Link from "@cloudscape-design/components/link";
import type { TableProps } from "@cloudscape-design/components/table";
import type { SharedMoment } from "@sotto/api";
import { callTime } from "@sotto/ui";
import type { Messages } from "../messages/en";
import type { CsvColumn } from "../table/csv";
import { StateOfShare } from "./StateOfShare";
import { placeHref } from "./links";

export function sharedColumns(t: Messages, locale: string): readonly TableProps.ColumnDefinition<SharedMoment>[] {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  return [
    { id: "agent", header: t.agent, isRowHeader: true, minWidth: 110, cell: (moment) => moment.agent },
    { id: "comment", header: t.sharing.comment, minWidth: 240, cell: (moment) => moment.comment },
    { id: "state", header: t.sharing.state, minWidth: 170, cell: (moment) => <StateOfShare moment={moment} /> },
    { id: "answer", header: t.sharing.answer, minWidth: 180, cell: (moment) => moment.answer ?? t.none },
    { id: "place", header: t.sharing.place, minWidth: 110, cell: (moment) => <Link href={placeHref(moment)}>{moment.moment?.replaceAll("_", " ") ?? callTime(moment.fromMs)}</Link> },
    { id: "sharer", header: t.sharing.sharer, minWidth: 120, cell: (moment) => moment.sharerName },
    { id: "shared", header: t.sharing.sharedAt, minWidth: 120, cell: (moment) => date.format(moment.sharedAtMs) },
    { id: "team", header: t.team, minWidth: 100, cell: (moment) => moment.team ?? t.none },
  ];
}

export function sharedCsv(t: Messages): readonly CsvColumn<SharedMoment>[] {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return [
    { title: t.agent, value: ({ agent }) => agent },
    { title: t.team, value: ({ team }) => team },
    { title: t.sharing.comment, value: ({ comment }) => comment },
    { title: t.conversation.title, value: ({ contactId }) => contactId },
    { title: t.sharing.place, value: ({ fromMs }) => callTime(fromMs) },
    { title: t.sharing.sharer, value: ({ sharer }) => sharer },
    { title: t.sharing.sharedAt, value: ({ sharedAtMs }) => time(sharedAtMs) },
    { title: t.sharing.acknowledgedAt, value: ({ acknowledgedAtMs }) => time(acknowledgedAtMs) },
    { title: t.sharing.answer, value: ({ answer }) => answer },
  ];
}
