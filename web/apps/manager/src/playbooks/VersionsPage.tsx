import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { PlaybookVersions, type VersionRow } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";

const AT_ONCE = 25;
const NONE = [] as const;

/** What was published, by whom and when, the latest first. */
export function VersionsPage({ graphql }: { graphql: Requests }) {
  const { t, locale } = useWording();
  const [earlier, setEarlier] = useState<readonly VersionRow[]>(NONE);
  const [isReading, setReading] = useState(false);
  const [answer, again] = useAnswer(graphql, PlaybookVersions, { first: AT_ONCE, before: null });
  const first = answer.state === "loaded" ? answer.data.playbookVersions : NONE;
  const rows = [...first, ...earlier];
  const live = answer.state === "loaded" ? answer.data.playbook.versionId : null;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const [isOver, setOver] = useState(false);
  const more = () => {
    setReading(true);
    graphql
      .request(PlaybookVersions, { first: AT_ONCE, before: rows.at(-1)?.id ?? null })
      .then(
        ({ playbookVersions }) => {
          setEarlier([...earlier, ...playbookVersions]);
          setOver(playbookVersions.length < AT_ONCE);
        },
        () => undefined,
      )
      .finally(() => setReading(false));
  };
  return (
    <div data-versions={answer.state}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy="id"
        items={rows}
        loading={answer.state === "loading"}
        loadingText={t.scorecards.loading}
        ariaLabels={{ tableLabel: t.playbooks.history }}
        empty={answer.state === "loaded" ? <Empty title={t.playbooks.noVersions} text={t.playbooks.noVersionsText} /> : <NotLoaded answer={answer} onRetry={again} />}
        header={
          <Header variant="awsui-h1-sticky" counter={`(${rows.length})`} description={t.playbooks.historyText}>
            {t.playbooks.history}
          </Header>
        }
        footer={
          first.length === AT_ONCE &&
          !isOver && (
            <Button loading={isReading} onClick={more}>
              {t.figures.more}
            </Button>
          )
        }
        columnDefinitions={[
          { id: "at", header: t.playbooks.publishedAt, isRowHeader: true, minWidth: 170, cell: (row) => <Link href={hrefOf(["playbook", "versions", row.id])}>{date.format(row.publishedAtMs)}</Link> },
          { id: "who", header: t.playbooks.who, cell: (row) => row.publishedBy },
          { id: "note", header: t.playbooks.note, cell: (row) => row.note ?? t.none },
          { id: "live", header: t.playbooks.state, cell: (row) => (row.id === live ? <StatusIndicator>{t.playbooks.isLive}</StatusIndicator> : t.none) },
        ]}
      />
    </div>
  );
}
