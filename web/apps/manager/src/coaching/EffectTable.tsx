import Alert from "@cloudscape-design/components/alert";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { fill } from "@sotto/ui";
import { useMemo } from "react";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import type { Effect } from "./coaching";

/** What guidance goes with, and what that is worth. */
export function EffectTable({ effects }: { effects: readonly Effect[] }) {
  const { t, locale } = useWording();
  const columns = useMemo(() => {
    const share = (value: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(value);
    const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
    const difference = ({ difference: value, low, high }: Effect) => (value === null || low === null || high === null ? t.none : fill(t.coaching.points, { value: points.format(100 * value), low: points.format(100 * low), high: points.format(100 * high) }));
    return [
      { id: "action", header: t.coaching.action, isRowHeader: true, minWidth: 160, cell: (each: Effect) => each.action.replaceAll("_", " ") },
      { id: "used", header: t.coaching.used, minWidth: 110, cell: (each: Effect) => fill(t.coaching.rateOf, { share: share(each.usedBad), count: each.used }) },
      { id: "unused", header: t.coaching.unused, minWidth: 110, cell: (each: Effect) => fill(t.coaching.rateOf, { share: share(each.unusedBad), count: each.unused }) },
      { id: "difference", header: t.coaching.difference, minWidth: 190, cell: difference },
      { id: "reading", header: t.figures.note, minWidth: 170, cell: (each: Effect) => <Reading effect={each} t={t} /> },
    ];
  }, [t, locale]);
  return (
    <div data-effects={effects.length}>
      <Table
        wrapLines
        trackBy="action"
        items={effects}
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: t.coaching.effects }}
        empty={t.coaching.noEffects}
        header={
          <SpaceBetween size="s">
            <Header variant="h2" counter={`(${effects.length})`} description={t.coaching.effectsText}>
              {t.coaching.effects}
            </Header>
            <Alert type="info">{t.coaching.confounders}</Alert>
          </SpaceBetween>
        }
      />
    </div>
  );
}

function Reading({ effect, t }: { effect: Effect; t: Messages }) {
  if (effect.difference === null) return <StatusIndicator type="pending">{t.coaching.tooFew}</StatusIndicator>;
  if (!effect.canTell) return <StatusIndicator type="info">{t.coaching.chance}</StatusIndicator>;
  return effect.difference < 0 ? <StatusIndicator type="success">{t.coaching.better}</StatusIndicator> : <StatusIndicator type="warning">{t.coaching.worse}</StatusIndicator>;
}
