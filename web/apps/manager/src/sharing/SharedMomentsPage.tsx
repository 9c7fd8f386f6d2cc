import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type SharedMoment, SharedMoments } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { csvOf, saveText } from "../table/csv";
import { PagedList } from "../table/pagedList";
import { sharedColumns, sharedCsv } from "./columns";

const AT_ONCE = 25;

const sharedList = (graphql: Requests, onlyWaiting: boolean) =>
  new PagedList<SharedMoment>(async (after) => {
    const { sharedMoments } = await graphql.request(SharedMoments, { first: AT_ONCE, after, onlyWaiting });
    return { rows: sharedMoments.moments, cursor: sharedMoments.cursor };
  });

/** What was shared with agents of the teams that the viewer coaches, the latest first, and what became of it. */
export function SharedMomentsPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const onlyWaiting = route.query.get("show") === "waiting";
  return <Listed key={String(onlyWaiting)} graphql={graphql} onlyWaiting={onlyWaiting} />;
}

function Listed({ graphql, onlyWaiting }: { graphql: Requests; onlyWaiting: boolean }) {
  const { t, locale } = useWording();
  const [list] = useState(() => sharedList(graphql, onlyWaiting));
  const { rows, cursor, state, reason } = useSyncExternalStore(list.watch, list.snapshot);
  useEffect(() => void list.more(), [list]);
  const columns = useMemo<readonly TableProps.ColumnDefinition<SharedMoment>[]>(() => sharedColumns(t, locale), [t, locale]);
  return (
    <div data-shared-moments={state}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy="id"
        items={rows}
        columnDefinitions={columns}
        loading={state === "loading" && rows.length === 0}
        loadingText={t.conversations.loading}
        ariaLabels={{ tableLabel: t.sharing.list }}
        empty={<NothingShared state={state} reason={reason} onlyWaiting={onlyWaiting} onRetry={() => void list.more()} t={t} />}
        filter={
          <SegmentedControl
            label={t.sharing.show}
            selectedId={onlyWaiting ? "waiting" : "all"}
            options={[
              { id: "all", text: t.sharing.all },
              { id: "waiting", text: t.sharing.onlyWaiting },
            ]}
            onChange={({ detail }) => refine({ show: detail.selectedId === "waiting" ? "waiting" : null })}
          />
        }
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${rows.length}${cursor === null ? "" : "+"})`}
            description={t.sharing.listText}
            actions={
              <Button iconName="download" disabled={rows.length === 0} onClick={() => saveText("shared-moments.csv", csvOf(sharedCsv(t), rows))}>
                {t.exportCsv}
              </Button>
            }
          >
            {t.sharing.list}
          </Header>
        }
        footer={
          cursor !== null && (
            <Button loading={state === "loading"} onClick={() => void list.more()}>
              {state === "failed" ? t.conversations.retry : t.figures.more}
            </Button>
          )
        }
      />
    </div>
  );
}

function NothingShared({ state, reason, onlyWaiting, onRetry, t }: { state: string; reason: string; onlyWaiting: boolean; onRetry: () => void; t: Messages }) {
  if (state === "refused") return <Empty title={t.scorecards.refused} text={reason} />;
  if (state === "failed") return <Empty title={t.conversations.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={onRetry} />;
  return onlyWaiting ? <Empty title={t.sharing.noneWaiting} text={t.sharing.noneWaitingText} /> : <Empty title={t.sharing.none} text={t.sharing.noneText} />;
}
