import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useCatalogue } from "../figures/useCatalogue";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { refine } from "../routes/useRoute";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { csvOf, saveText } from "../table/csv";
import { alertList } from "./alertList";
import { MANAGERS } from "./alertText";
import { alertColumns, alertCsv } from "./columns";

interface Props {
  graphql: Requests;
  token: TokenSource;
  route: Route;
}

/** What rules have found, the latest first. */
export function AlertsPage({ graphql, token, route }: Props) {
  const { t } = useWording();
  const showsAll = route.query.get("show") === "all";
  const role = useRole(token);
  return (
    <Listed
      key={String(showsAll)}
      graphql={graphql}
      showsAll={showsAll}
      isManager={role !== null && MANAGERS.includes(role)}
      filter={
        <SegmentedControl
          label={t.alerts.show}
          selectedId={showsAll ? "all" : "waiting"}
          options={[
            { id: "waiting", text: t.alerts.waiting },
            { id: "all", text: t.alerts.all },
          ]}
          onChange={({ detail }) => refine({ show: detail.selectedId === "all" ? "all" : null })}
        />
      }
    />
  );
}

interface ListedProps {
  graphql: Requests;
  showsAll: boolean;
  isManager: boolean;
  filter: React.ReactNode;
}

function Listed({ graphql, showsAll, isManager, filter }: ListedProps) {
  const { t, locale } = useWording();
  const [list] = useState(() => alertList(graphql, !showsAll));
  const { rows, cursor, state, reason } = useSyncExternalStore(list.watch, list.snapshot);
  const catalogue = useCatalogue(graphql);
  useEffect(() => void list.more(), [list]);
  const columns = useMemo(() => alertColumns(catalogue, t, locale), [catalogue, t, locale]);
  return (
    <div data-alerts={state}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy="id"
        items={rows}
        columnDefinitions={columns}
        loading={state === "loading" && rows.length === 0}
        loadingText={t.conversations.loading}
        ariaLabels={{ tableLabel: t.alerts.title }}
        empty={<NoAlerts state={state} reason={reason} showsAll={showsAll} isManager={isManager} onRetry={() => void list.more()} />}
        filter={filter}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${rows.length}${cursor === null ? "" : "+"})`}
            description={t.alerts.description}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="download" disabled={rows.length === 0} onClick={() => saveText("alerts.csv", csvOf(alertCsv(t), rows))}>
                  {t.exportCsv}
                </Button>
                <Button href={hrefOf(["alerts", "rules"])}>{t.alerts.toRules}</Button>
              </SpaceBetween>
            }
          >
            {t.alerts.title}
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

interface NoAlertsProps {
  state: string;
  reason: string;
  showsAll: boolean;
  isManager: boolean;
  onRetry: () => void;
}

function NoAlerts({ state, reason, showsAll, isManager, onRetry }: NoAlertsProps) {
  const { t } = useWording();
  if (state === "refused") return <Empty title={t.figures.refused} text={reason} />;
  if (state === "failed") return <Empty title={t.conversations.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={onRetry} />;
  if (!showsAll) return <Empty title={t.alerts.noneWaiting} text={t.alerts.noneWaitingText} />;
  const first = isManager ? { action: t.alerts.newRule, href: hrefOf(["alerts", "rules", "new"]) } : {};
  return <Empty title={t.alerts.none} text={t.alerts.noneText} {...first} />;
}
