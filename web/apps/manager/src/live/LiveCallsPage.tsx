import Header from "@cloudscape-design/components/header";
import Button from "@cloudscape-design/components/button";
import Pagination from "@cloudscape-design/components/pagination";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { LiveContactsFeed } from "@sotto/realtime";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { csvOf, saveText } from "../table/csv";
import { liveColumns, liveCsv } from "./columns";
import { LiveEmpty } from "./LiveEmpty";
import { LiveFilterBar } from "./LiveFilterBar";
import { type LiveView, type SortKey, liveViewOf, queryOf, rowsOf } from "./liveView";

const STATE = { connecting: "loading", live: "success", delayed: "warning", refused: "stopped" } as const;

/** The live calls of a supervisor's teams, those first that ask for a look. */
export function LiveCallsPage({ feed, route }: { feed: LiveContactsFeed; route: Route }) {
  const { t, locale } = useWording();
  const { contacts, state } = useSyncExternalStore(feed.watch, feed.snapshot);
  const view = useMemo(() => liveViewOf(route.query), [route]);
  const change = (part: Partial<LiveView>) => refine(queryOf(part));
  useEffect(() => feed.want({ withLastWords: view.withLastWords }), [feed, view.withLastWords]);
  useEffect(() => {
    feed.open();
    return () => feed.close();
  }, [feed]);
  const { all, rows, pages, page } = useMemo(() => rowsOf(contacts, view), [contacts, view]);
  const columns = useMemo(() => liveColumns(t, view.withLastWords), [t, view.withLastWords]);
  const sorting = columns.find((column) => column.sortingField === view.sort);
  return (
    <div data-live-calls={state}>
      <Table
        variant="full-page"
        stickyHeader
        trackBy="contactId"
        items={rows}
        columnDefinitions={columns}
        {...(sorting ? { sortingColumn: sorting } : {})}
        sortingDescending={view.isDescending}
        onSortingChange={({ detail }) => change({ sort: (detail.sortingColumn.sortingField ?? "attention") as SortKey, isDescending: detail.isDescending ?? false })}
        loading={state === "connecting"}
        loadingText={t.live.state.connecting}
        ariaLabels={{ tableLabel: t.liveCalls }}
        empty={<LiveEmpty state={state} isFiltered={contacts.length > 0} onClear={() => change({ text: "", onlyAtRisk: false })} />}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={state === "refused" ? "" : `(${new Intl.NumberFormat(locale).format(contacts.length)})`}
            description={t.live.description}
            info={<StatusIndicator type={STATE[state]}>{t.live.state[state]}</StatusIndicator>}
            actions={
              <Button iconName="download" disabled={all.length === 0} onClick={() => saveText(`${t.live.csvName}.csv`, csvOf(liveCsv(t), all))}>
                {t.exportCsv}
              </Button>
            }
          >
            {t.liveCalls}
          </Header>
        }
        filter={<LiveFilterBar view={view} count={all.length} onChange={change} />}
        pagination={<Pagination currentPageIndex={page} pagesCount={pages} onChange={({ detail }) => refine({ page: detail.currentPageIndex === 1 ? null : String(detail.currentPageIndex) })} />}
      />
    </div>
  );
}
