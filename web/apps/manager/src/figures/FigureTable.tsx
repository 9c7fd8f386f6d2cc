import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import type { FigureParts } from "@sotto/api";
import { useMemo, useState } from "react";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import { type CsvColumn, csvOf, saveText } from "../table/csv";
import { formHref, formOfRow, viewOfServer } from "./figureForm";
import { type Row, changeClass, dimensionText, keyText, written } from "./figureText";

const ROWS_PER_PAGE = 10;
const ROWS_OF_A_TILE = 5;

/** Each row leads to the figure of that row alone, and from there to its conversations. */
export function FigureTable({ figure, isTile }: { figure: FigureParts; isTile: boolean }) {
  const { t, locale } = useWording();
  const [page, setPage] = useState(1);
  const columns = useMemo(() => columnsOf(figure, t, locale), [figure, t, locale]);
  const rows = figure.figures;
  const atOnce = isTile ? ROWS_OF_A_TILE : ROWS_PER_PAGE;
  const pages = Math.max(1, Math.ceil(rows.length / atOnce));
  return (
    <Table
      variant="embedded"
      wrapLines
      items={rows.slice((Math.min(page, pages) - 1) * atOnce, Math.min(page, pages) * atOnce)}
      trackBy={(row) => row.key.join("\u0000")}
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: figure.metric.title }}
      empty={t.figures.noRows}
      header={
        <Header
          variant="h3"
          counter={`(${rows.length})`}
          actions={
            <Button iconName="download" disabled={rows.length === 0} onClick={() => saveText(`${figure.metric.name}.csv`, csvOf(figureCsv(figure, t), rows))}>
              {t.exportCsv}
            </Button>
          }
        >
          {t.figures.table}
        </Header>
      }
      {...(pages > 1 ? { pagination: <Pagination currentPageIndex={Math.min(page, pages)} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} /> } : {})}
    />
  );
}

function columnsOf(figure: FigureParts, t: Messages, locale: string) {
  const form = viewOfServer(figure.form);
  const compares = figure.form.compare !== "NOTHING";
  const value = (each: number | null) => written(each, figure.metric.unit, t, locale);
  return [
    ...form.dimensions.map((dimension, at) => ({
      id: dimension,
      header: dimensionText(dimension, t),
      isRowHeader: at === 0,
      cell: (row: Row) => {
        const own = at === 0 ? formOfRow(form, row.key) : null;
        const text = keyText(row.key[at] ?? null, dimension, t, locale);
        return own === null ? text : <Link href={formHref("analyst", own)}>{text}</Link>;
      },
    })),
    { id: "value", header: figure.metric.title, cell: (row: Row) => <span className={changeClass(row, figure.metric.good)}>{value(row.value)}</span> },
    ...(compares ? [{ id: "before", header: t.figures.before, cell: (row: Row) => value(row.before) }] : []),
    { id: "counted", header: t.figures.counted, cell: (row: Row) => new Intl.NumberFormat(locale).format(row.counted) },
  ];
}

export function figureCsv(figure: FigureParts, t: Messages): readonly CsvColumn<Row>[] {
  const compares = figure.form.compare !== "NOTHING";
  return [
    ...figure.form.dimensions.map((dimension, at) => ({ title: dimensionText(dimension, t), value: (row: Row) => row.key[at] ?? null })),
    { title: `${figure.metric.title} (${figure.metric.unit})`, value: (row) => row.value },
    ...(compares ? [{ title: t.figures.before, value: (row: Row) => row.before }] : []),
    { title: t.figures.counted, value: (row) => row.counted },
    ...(figure.synthetic ? [{ title: t.figures.syntheticColumn, value: () => "synthetic" }] : []),
  ];
}
