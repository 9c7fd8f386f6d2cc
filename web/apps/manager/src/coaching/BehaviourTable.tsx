import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { Requests } from "@sotto/realtime";
import { fill, plural } from "@sotto/ui";
import { useMemo } from "react";
import { useWording } from "../messages";
import { refine } from "../routes/useRoute";
import { csvOf, saveText } from "../table/csv";
import { CallsBehind } from "./CallsBehind";
import { type CoachedAgent, type Standing, behaviourText, formOfGap } from "./coaching";

interface Props {
  graphql: Requests;
  coached: CoachedAgent;
  days: { readonly first: string; readonly last: string };
  gap: string | null;
}

/** As sotto/analytics/coaching/beside.py has it. */
const LEAST_ROWS = 10;

const keyOf = ({ metric, name }: Standing) => `${metric}/${name}`;

/** One agent, behaviour by behaviour, with the calls that show one. */
export function BehaviourTable({ graphql, coached, days, gap }: Props) {
  const { t, locale } = useWording();
  const columns = useMemo(() => {
    const share = (value: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(value);
    return [
      { id: "name", header: t.coaching.behaviour, isRowHeader: true, minWidth: 200, cell: (each: Standing) => behaviourText(each, t) },
      { id: "own", header: t.coaching.own, minWidth: 110, cell: (each: Standing) => fill(t.coaching.ownOf, { share: share(each.share), rows: each.rows }) },
      { id: "range", header: t.coaching.rangeTitle, minWidth: 120, cell: (each: Standing) => fill(t.coaching.range, { low: share(each.low), high: share(each.high) }) },
      { id: "team", header: t.coaching.team, cell: (each: Standing) => share(each.teamShare) },
      { id: "top", header: t.coaching.top, cell: (each: Standing) => (each.topShare === null ? t.none : share(each.topShare)) },
      { id: "gap", header: t.coaching.gap, minWidth: 130, cell: (each: Standing) => <GapOf standing={each} /> },
      { id: "calls", header: t.coaching.calls, minWidth: 150, cell: (each: Standing) => <Button variant="inline-link" ariaLabel={`${t.coaching.showCalls}: ${behaviourText(each, t)}`} onClick={() => refine({ gap: keyOf(each) })}>{t.coaching.showCalls}</Button> },
    ];
  }, [t, locale]);
  const looked = coached.standings.find((each) => keyOf(each) === gap);
  const csv = (["metric", "name", "share", "rows", "low", "high", "teamShare", "topShare"] as const).map((title) => ({ title, value: (each: Standing) => each[title] }));
  return (
    <SpaceBetween size="l">
      <div data-behaviours={coached.agent}>
        <Table
          wrapLines
          trackBy={keyOf}
          items={coached.standings}
          columnDefinitions={columns}
          ariaLabels={{ tableLabel: fill(t.coaching.behaviours, { agent: coached.agent }) }}
          header={
            <Header
              variant="h2"
              counter={`(${coached.standings.length})`}
              description={t.coaching.behavioursText}
              actions={
                <Button iconName="download" onClick={() => saveText(`coaching-${coached.agent}.csv`, csvOf(csv, coached.standings))}>
                  {t.exportCsv}
                </Button>
              }
            >
              {fill(t.coaching.behaviours, { agent: coached.agent })}
            </Header>
          }
        />
      </div>
      {looked && <CallsBehind key={`${coached.agent} ${gap}`} graphql={graphql} form={formOfGap(looked, days)} title={fill(t.coaching.callsOf, { what: behaviourText(looked, t) })} />}
    </SpaceBetween>
  );
}

function GapOf({ standing }: { standing: Standing }) {
  const { t, locale } = useWording();
  if (standing.rows < LEAST_ROWS) return <StatusIndicator type="pending">{plural(t.coaching.few, standing.rows, locale)}</StatusIndicator>;
  if (standing.topShare === null) return <StatusIndicator type="pending">{t.coaching.noTop}</StatusIndicator>;
  return <StatusIndicator type={standing.isGap ? "warning" : "success"}>{standing.isGap ? t.coaching.gap : t.coaching.near}</StatusIndicator>;
}
