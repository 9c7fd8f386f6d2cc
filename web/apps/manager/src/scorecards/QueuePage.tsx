import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { ScorecardQueue } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useMemo, useState } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { csvOf, saveText } from "../table/csv";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { queueColumns, queueCsv } from "./columns";
import { QueueFilters } from "./QueueFilters";
import { type SortKey, filterOf, queryOf, queueViewOf, rowsOf } from "./queueView";

const NONE = [] as const;

/** Scorecards that wait: for a first look, or for a decision; and those that have had both. */
export function QueuePage({ graphql, route }: { graphql: Requests; route: Route }) {
  const { t, locale } = useWording();
  const view = useMemo(() => queueViewOf(route.query), [route]);
  // The same page asks the same thing, however long it is open.
  const [openedAt] = useState(() => Date.now());
  const [answer, again] = useAnswer(graphql, ScorecardQueue, { filter: filterOf(view, openedAt) });
  const queue = answer.state === "loaded" ? answer.data.scorecardQueue : null;
  const scorecards = queue?.scorecards ?? NONE;
  const { all, rows, pages, page } = useMemo(() => rowsOf(scorecards, view), [scorecards, view]);
  const columns = useMemo(() => queueColumns(t, locale), [t, locale]);
  const sorting = columns.find((column) => column.sortingField === view.sort);
  const isFiltered = view.conditions.length > 0;
  const save = () => saveText(`${t.scorecards.csvName}.csv`, csvOf(queueCsv(t), all));
  return (
    <div data-queue={answer.state}>
      <Table
        variant="full-page"
        stickyHeader
        trackBy={(row) => `${row.contactId}/${row.form}`}
        items={rows}
        columnDefinitions={columns}
        {...(sorting ? { sortingColumn: sorting } : {})}
        sortingDescending={view.isDescending}
        onSortingChange={({ detail }) => refine(queryOf({ sort: (detail.sortingColumn.sortingField ?? "started") as SortKey, isDescending: detail.isDescending ?? false }))}
        loading={answer.state === "loading"}
        loadingText={t.scorecards.loading}
        ariaLabels={{ tableLabel: t.scorecards.title }}
        empty={answer.state === "loaded" ? <Empty title={isFiltered ? t.scorecards.filtered : t.scorecards.quiet[view.tab]} text={isFiltered ? t.scorecards.filteredText : t.scorecards.quietText} /> : <NotLoaded answer={answer} onRetry={again} />}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${new Intl.NumberFormat(locale).format(all.length)}${queue?.isCutShort ? "+" : ""})`}
            description={t.scorecards.description}
            info={queue?.isCutShort === true && <StatusIndicator type="warning">{t.scorecards.cutShort}</StatusIndicator>}
            actions={
              <Button iconName="download" disabled={all.length === 0} onClick={save}>
                {t.exportCsv}
              </Button>
            }
          >
            {t.scorecards.title}
          </Header>
        }
        filter={<QueueFilters view={view} scorecards={scorecards} />}
        pagination={<Pagination currentPageIndex={page} pagesCount={pages} onChange={({ detail }) => refine({ page: detail.currentPageIndex === 1 ? null : String(detail.currentPageIndex) })} />}
      />
    </div>
  );
}
