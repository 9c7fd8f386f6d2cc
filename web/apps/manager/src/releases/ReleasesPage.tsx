import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { Releases } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { Stage } from "./Stage";

const NONE = [] as const;

/** What models have learned from accepted examples, the newest first. */
export function ReleasesPage({ graphql }: { graphql: Requests }) {
  const { t, locale } = useWording();
  const [answer, again] = useAnswer(graphql, Releases, {});
  const rows = answer.state === "loaded" ? answer.data.releases : NONE;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  return (
    <div data-releases={answer.state}>
      <Table
        variant="full-page"
        stickyHeader
        trackBy={(row) => String(row.number)}
        items={rows}
        loading={answer.state === "loading"}
        loadingText={t.scorecards.loading}
        ariaLabels={{ tableLabel: t.releases.title }}
        empty={answer.state === "loaded" ? <Empty title={t.releases.none} text={t.releases.noneText} /> : <NotLoaded answer={answer} onRetry={again} />}
        header={
          <Header variant="awsui-h1-sticky" counter={`(${rows.length})`} description={t.releases.description}>
            {t.releases.title}
          </Header>
        }
        columnDefinitions={[
          { id: "number", header: t.releases.one, isRowHeader: true, cell: (row) => <Link href={hrefOf(["releases", String(row.number)])}>{fill(t.releases.numbered, { number: row.number })}</Link> },
          { id: "stage", header: t.releases.stage, minWidth: 190, cell: (row) => <Stage stage={row.stage} percent={row.percent} /> },
          { id: "gates", header: t.releases.gates, cell: (row) => (row.passed === null ? t.none : <StatusIndicator type={row.passed ? "success" : "error"}>{row.passed ? t.releases.passed : t.releases.notPassed}</StatusIndicator>) },
          { id: "learned", header: t.releases.learned, cell: (row) => row.learned ?? t.none },
          { id: "version", header: t.releases.package, cell: (row) => row.release ?? t.none },
          { id: "changed", header: t.releases.changed, minWidth: 170, cell: (row) => date.format(row.changedAtMs) },
        ]}
      />
    </div>
  );
}
