import Link from "@cloudscape-design/components/link";
import type { TableProps } from "@cloudscape-design/components/table";
import type { AlertParts } from "@sotto/api";
import type { CatalogueState } from "../figures/useCatalogue";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import type { CsvColumn } from "../table/csv";
import { StateOfAlert } from "./StateOfAlert";
import { foundText, subjectText } from "./alertText";

export function alertColumns(catalogue: CatalogueState, t: Messages, locale: string): readonly TableProps.ColumnDefinition<AlertParts>[] {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const metricOf = (name: string | null) => (catalogue.state === "loaded" ? catalogue.catalogue.metrics.find((each) => each.name === name) : undefined);
  return [
    { id: "name", header: t.alerts.one, isRowHeader: true, minWidth: 200, cell: (alert) => <Link href={hrefOf(["alerts", alert.id])}>{alert.ruleName}</Link> },
    { id: "figure", header: t.alerts.figure, minWidth: 200, cell: (alert) => foundText(alert, metricOf(alert.metric), t, locale) },
    { id: "about", header: t.alerts.about, minWidth: 140, cell: (alert) => subjectText(alert, t) },
    { id: "raised", header: t.alerts.raised, minWidth: 120, cell: (alert) => date.format(alert.raisedAtMs) },
    { id: "state", header: t.alerts.state, minWidth: 140, cell: (alert) => <StateOfAlert alert={alert} /> },
  ];
}

export function alertCsv(t: Messages): readonly CsvColumn<AlertParts>[] {
  return [
    { title: t.alerts.one, value: (alert) => alert.ruleName },
    { title: t.alerts.kind, value: (alert) => t.alerts.kinds[alert.kind] },
    { title: t.alerts.about, value: (alert) => subjectText(alert, t) },
    { title: t.alerts.figure, value: (alert) => (alert.kind === "MOMENT" ? alert.counted : alert.value) },
    { title: t.alerts.raised, value: (alert) => new Date(alert.raisedAtMs).toISOString() },
    { title: t.alerts.over, value: (alert) => (alert.overAtMs === null ? null : new Date(alert.overAtMs).toISOString()) },
    { title: t.alerts.acknowledged, value: (alert) => alert.acknowledgedBy },
  ];
}
