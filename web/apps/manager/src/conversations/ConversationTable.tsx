import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import type { ConversationSort } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { conversationColumns } from "./columns";
import { ConversationEmpty } from "./ConversationEmpty";
import { ConversationFilters } from "./ConversationFilters";
import { ConversationHeader } from "./ConversationHeader";
import { ConversationList } from "./conversationList";
import { type ConversationView, ROWS_PER_PAGE, listFilterOf, queryOf } from "./conversationView";

interface Props {
  graphql: Requests;
  route: Route;
  view: ConversationView;
}

export function ConversationTable({ graphql, route, view }: Props) {
  const { t, locale } = useWording();
  const [list] = useState(() => new ConversationList(graphql));
  const { rows, hasMore, state, reason } = useSyncExternalStore(list.watch, list.snapshot);
  const { page, sort, isDescending } = view;
  // The page is no part of the question: what was read already stays.
  const asked = JSON.stringify([view.conditions, view.period, sort, isDescending]);
  const ask = () => void list.ask({ filter: listFilterOf(view, Date.now()), sort, descending: isDescending }, ROWS_PER_PAGE + 1);
  useEffect(ask, [list, asked]); // eslint-disable-line react-hooks/exhaustive-deps -- `asked` is all of the view that is asked for
  // One more than the page holds, to know whether there is a next one. What has failed is asked again by the user.
  useEffect(() => {
    if (state === "loaded") void list.readTo(page * ROWS_PER_PAGE + 1);
  }, [list, page, state]);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE));
  const shown = rows.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE);
  const columns = useMemo(() => conversationColumns(t, locale), [t, locale]);
  const sorting = columns.find((column) => column.sortingField === sort);
  const isLoading = state === "loading" && shown.length === 0;
  return (
    <div data-conversations={state}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy="conversationId"
        items={shown}
        columnDefinitions={columns}
        {...(sorting ? { sortingColumn: sorting } : {})}
        sortingDescending={isDescending}
        onSortingChange={({ detail }) => refine(queryOf({ sort: (detail.sortingColumn.sortingField ?? "STARTED") as ConversationSort, isDescending: detail.isDescending ?? false }))}
        loading={isLoading}
        loadingText={t.conversations.loading}
        ariaLabels={{ tableLabel: t.conversationsTitle }}
        empty={<ConversationEmpty state={state} reason={reason} isFiltered={view.conditions.length > 0} onRetry={ask} />}
        header={<ConversationHeader route={route} list={list} />}
        filter={<ConversationFilters view={view} rows={rows} />}
        pagination={<Pagination currentPageIndex={page} pagesCount={pages} openEnd={hasMore} onChange={({ detail }) => refine({ page: detail.currentPageIndex === 1 ? null : String(detail.currentPageIndex) })} />}
      />
    </div>
  );
}
