import Link from "@cloudscape-design/components/link";
import type { TableProps } from "@cloudscape-design/components/table";
import type { FoundPassage, SearchConversationsResult } from "@sotto/api";
import { speakerName } from "@sotto/call";
import { SpokenText, callTime } from "@sotto/ui";
import { lineHref } from "../conversation/links";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import { highlighted } from "./highlighted";

type Found = SearchConversationsResult["search"]["moments"][number];

export function foundColumns(t: Messages, locale: string): readonly TableProps.ColumnDefinition<Found>[] {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  return [
    { id: "text", header: t.conversations.words, isRowHeader: true, minWidth: 360, cell: (moment) => <Words moment={moment} t={t} /> },
    { id: "at", header: t.conversations.at, cell: (moment) => date.format(moment.atMs) },
    { id: "agent", header: t.agent, cell: (moment) => moment.agent ?? t.none },
    { id: "moments", header: t.conversations.moments, cell: (moment) => moment.moments.map((name) => name.replaceAll("_", " ")).join(", ") || t.none },
    { id: "team", header: t.team, cell: (moment) => moment.team ?? t.none },
    { id: "queue", header: t.queue, cell: (moment) => moment.queue ?? t.none },
  ];
}

function Words({ moment, t }: { moment: Found; t: Messages }) {
  return (
    <>
      <Passage passage={moment} t={t} />
      {moment.beside && (
        <div className="quiet">
          {t.conversations.beside} <Passage passage={moment.beside} t={t} />
        </div>
      )}
    </>
  );
}

/** The words, with those of the question marked, and the way to their place. */
function Passage({ passage, t }: { passage: FoundPassage; t: Messages }) {
  const href = passage.utteranceId === null ? hrefOf(["conversations", passage.contactId]) : lineHref(passage.contactId, passage.utteranceId);
  const who = passage.kind === "SUMMARY" || passage.speaker === null ? t.conversations.summary : speakerName(passage.speaker, t);
  return (
    <>
      <Link href={href} fontSize="inherit">
        {who}
        {passage.kind === "UTTERANCE" && `, ${callTime(passage.startMs)}`}
      </Link>{" "}
      <span className="spoken">
        <SpokenText pieces={highlighted(passage.text, passage.highlights)} hidden="" doubtful="" />
      </span>
    </>
  );
}
