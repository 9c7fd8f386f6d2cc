import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useWording } from "../messages";
import { csvOf, saveText } from "../table/csv";

interface Props<Row> {
  title: string;
  text?: string;
  none?: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly { readonly header: string; readonly value: (row: Row) => string }[];
}

/** A table of what is settled, for looking and for CSV. */
export function SettledTable<Row>({ title, text, none = "", rows, keyOf, columns }: Props<Row>) {
  const { t } = useWording();
  const csv = columns.map(({ header, value }) => ({ title: header, value }));
  return (
    <Table
      wrapLines
      trackBy={keyOf}
      items={rows}
      columnDefinitions={columns.map(({ header, value }, at) => ({ id: header, header, isRowHeader: at === 0, minWidth: 140, cell: value }))}
      ariaLabels={{ tableLabel: title }}
      empty={none}
      header={
        <Header
          variant="h2"
          counter={`(${rows.length})`}
          {...(text === undefined ? {} : { description: text })}
          actions={
            <Button iconName="download" disabled={rows.length === 0} ariaLabel={`${t.exportCsv}: ${title}`} onClick={() => saveText(`${title}.csv`, csvOf(csv, rows))}>
              {t.exportCsv}
            </Button>
          }
        >
          {title}
        </Header>
      }
    />
  );
}
