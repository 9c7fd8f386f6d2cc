import Link from "@cloudscape-design/components/link";
import type { TableProps } from "@cloudscape-design/components/table";
import type { LiveContact } from "@sotto/api";
import { speakerName, toneOf } from "@sotto/call";
import { CallClock, MoodWord } from "@sotto/ui";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import type { CsvColumn } from "../table/csv";
import { Attention } from "./Attention";
import { nameOf } from "./liveView";

type Column = TableProps.ColumnDefinition<LiveContact>;

/** The last words only where they were asked for. */
export function liveColumns(t: Messages, withLastWords: boolean): readonly Column[] {
  const columns: Column[] = [
    {
      id: "agent",
      header: t.live.agent,
      sortingField: "agent",
      isRowHeader: true,
      cell: (contact) => (
        <Link href={hrefOf(["conversations", contact.contactId])} fontSize="inherit">
          {nameOf(contact)}
        </Link>
      ),
    },
    { id: "attention", header: t.live.attention, sortingField: "attention", minWidth: 220, cell: (contact) => <Attention contact={contact} /> },
    { id: "mood", header: t.live.mood, sortingField: "mood", cell: (contact) => <Mood mood={contact.mood} t={t} /> },
    { id: "time", header: t.live.time, sortingField: "since", cell: (contact) => <CallClock label={t.live.clock} since={contact.startedAtMs} stoppedAtMs={null} /> },
    { id: "about", header: t.live.about, minWidth: 160, cell: (contact) => aboutOf(contact) || t.none },
    { id: "team", header: t.team, sortingField: "team", cell: (contact) => contact.team },
    { id: "queue", header: t.queue, cell: (contact) => contact.queue ?? t.none },
  ];
  if (withLastWords) columns.splice(2, 0, { id: "lastWords", header: t.live.lastWords, minWidth: 260, cell: (contact) => lastWordsOf(contact, t) });
  return columns;
}

function Mood({ mood, t }: { mood: number | null; t: Messages }) {
  if (mood === null) return <>{t.none}</>;
  const word = t.moodWords[toneOf(mood)];
  return <MoodWord tone={toneOf(mood)} word={word} spoken={`${t.mood}: ${word}`} />;
}

function aboutOf({ caller, reason }: LiveContact): string {
  return [caller, reason].filter(Boolean).join(" · ");
}

function lastWordsOf(contact: LiveContact, t: Messages): string {
  const { lastWords } = contact;
  if (lastWords === null) return t.none;
  return `${lastWords.speaker === "AGENT" ? nameOf(contact) : speakerName(lastWords.speaker, t)}: “${lastWords.text}”`;
}

/** What the list exports: never the words of a call. */
export function liveCsv(t: Messages): readonly CsvColumn<LiveContact>[] {
  return [
    { title: t.live.columns.contactId, value: (contact) => contact.contactId },
    { title: t.live.agent, value: nameOf },
    { title: t.team, value: (contact) => contact.team },
    { title: t.queue, value: (contact) => contact.queue },
    { title: t.live.columns.started, value: (contact) => new Date(contact.startedAtMs).toISOString() },
    { title: t.live.mood, value: (contact) => contact.mood },
    { title: t.live.attention, value: (contact) => [...contact.missedSteps, ...contact.riskMoments.map((risk) => risk.title)].join("; ") },
  ];
}
