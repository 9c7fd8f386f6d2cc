import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { type Look, oneIn } from "./drift";

/** In what the latest calls were compared, and how unlikely so much is where nothing has changed. */
export function LookTable({ looked }: { looked: readonly Look[] }) {
  const { t, locale } = useWording();
  const times = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (
    <Table
      wrapLines
      items={looked}
      trackBy={({ view, utterances }) => `${view} ${utterances}`}
      ariaLabels={{ tableLabel: t.drift.tests }}
      header={<Header variant="h2" description={t.drift.testsText}>{t.drift.tests}</Header>}
      columnDefinitions={[
        { id: "view", header: t.drift.what, isRowHeader: true, minWidth: 180, cell: ({ view, isAlarm }: Look) => <StatusIndicator type={isAlarm ? "warning" : "success"}>{t.drift.views[view]}</StatusIndicator> },
        { id: "window", header: t.drift.window, minWidth: 150, cell: ({ utterances, calls }: Look) => fill(t.drift.windowOf, { utterances, calls }) },
        { id: "distance", header: t.drift.distance, minWidth: 150, cell: ({ distance, usual }: Look) => (usual > 0 ? fill(t.drift.times, { times: times.format(distance / usual) }) : t.none) },
        { id: "chance", header: t.drift.chance, minWidth: 150, cell: ({ chance }: Look) => fill(t.drift.oneIn, { count: oneIn(chance, locale) }) },
      ]}
    />
  );
}
