import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { plural } from "@sotto/ui";
import { useMemo } from "react";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import { refined } from "../routes/route";
import { currentRoute } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { csvOf, saveText } from "../table/csv";
import { type CoachedAgent, behaviourText } from "./coaching";

/** Agents, those with most gaps first; each leads to their behaviours. */
export function AgentTable({ agents, chosen }: { agents: readonly CoachedAgent[]; chosen: string | null }) {
  const { t, locale } = useWording();
  const columns = useMemo(
    () => [
      { id: "agent", header: t.coaching.agent, isRowHeader: true, cell: ({ agent }: CoachedAgent) => <Link href={refined(currentRoute(), { agent, gap: null })}>{agent}</Link> },
      { id: "team", header: t.team, cell: ({ team }: CoachedAgent) => team ?? t.none },
      { id: "gaps", header: t.coaching.gap, cell: (coached: CoachedAgent) => <GapsOf coached={coached} t={t} locale={locale} /> },
      { id: "what", header: t.coaching.behaviour, minWidth: 240, cell: ({ standings }: CoachedAgent) => standings.filter(({ isGap }) => isGap).slice(0, 2).map((each) => behaviourText(each, t)).join(", ") || t.none },
    ],
    [t, locale],
  );
  const csv = [
    { title: "agent", value: ({ agent }: CoachedAgent) => agent },
    { title: "team", value: ({ team }: CoachedAgent) => team },
    { title: "gaps", value: ({ gaps }: CoachedAgent) => gaps },
  ];
  return (
    <Table
      wrapLines
      trackBy={({ team, agent }) => `${team} ${agent}`}
      items={agents}
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: t.coaching.agents }}
      empty={<Empty title={t.coaching.none} text={t.coaching.noneText} />}
      header={
        <Header
          variant="h2"
          counter={`(${agents.length})`}
          {...(chosen === null ? { description: t.coaching.choose } : {})}
          actions={
            <Button iconName="download" disabled={agents.length === 0} onClick={() => saveText("coaching.csv", csvOf(csv, agents))}>
              {t.exportCsv}
            </Button>
          }
        >
          {t.coaching.agents}
        </Header>
      }
    />
  );
}

function GapsOf({ coached: { gaps, standings }, t, locale }: { coached: CoachedAgent; t: Messages; locale: string }) {
  if (gaps > 0) return <StatusIndicator type="warning">{plural(t.coaching.openGaps, gaps, locale)}</StatusIndicator>;
  if (standings.every(({ topShare }) => topShare === null)) return <StatusIndicator type="pending">{t.coaching.noTop}</StatusIndicator>;
  return <StatusIndicator type="success">{t.coaching.noGaps}</StatusIndicator>;
}
