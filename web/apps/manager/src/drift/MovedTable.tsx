import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { percent } from "@sotto/ui";
import { useWording } from "../messages";
import type { Found } from "./drift";

type Moved = Found["moved"][number];

/** Intents that customers have more or less often than before, as far as chance does not explain it. */
export function MovedTable({ moved }: { moved: readonly Moved[] }) {
  const { t, locale } = useWording();
  const errors = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  return (
    <Table
      wrapLines
      items={moved}
      trackBy={({ label }) => label ?? "none"}
      ariaLabels={{ tableLabel: t.drift.moved }}
      empty={t.drift.noMoved}
      header={<Header variant="h2" counter={`(${moved.length})`}>{t.drift.moved}</Header>}
      columnDefinitions={[
        { id: "label", header: t.drift.intent, isRowHeader: true, minWidth: 180, cell: ({ label }: Moved) => (label ? label.replaceAll("_", " ") : t.drift.noIntent) },
        { id: "before", header: t.drift.before, cell: (each: Moved) => percent(each.before, locale) },
        { id: "now", header: t.drift.now, cell: (each: Moved) => percent(each.now, locale) },
        { id: "errors", header: t.drift.errors, minWidth: 130, cell: (each: Moved) => errors.format(each.errors) },
      ]}
    />
  );
}
