import Badge from "@cloudscape-design/components/badge";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { refine } from "../routes/useRoute";
import { type FormAgreement, compared, ratersOf } from "./sideBySide";

/** Two raters of the same calls beside each other. Only calls that the user has rated are here: the server gives no others. */
export function SideBySide({ agreement, query }: { agreement: FormAgreement; query: URLSearchParams }) {
  const { t } = useWording();
  const raters = ratersOf(agreement.calls);
  const one = raters.find((each) => each === query.get("one")) ?? raters[0] ?? "";
  const other = raters.find((each) => each === query.get("other") && each !== one) ?? raters.find((each) => each !== one) ?? "";
  const rows = compared(agreement, one, other);
  const nameOf = (by: string) => (by === "machine" ? t.calibration.machine : by);
  const choice = (which: "one" | "other", chosen: string) => (
    <Select
      ariaLabel={t.calibration.raters[which]}
      selectedOption={{ value: chosen, label: nameOf(chosen) }}
      options={raters.filter((each) => each !== (which === "one" ? other : one)).map((each) => ({ value: each, label: nameOf(each) }))}
      onChange={({ detail }) => refine({ [which]: detail.selectedOption.value ?? null })}
    />
  );
  const word = (value: string | undefined) => (value === undefined ? t.none : ((t.scorecards.values as Record<string, string | undefined>)[value] ?? value));
  return (
    <Table
      wrapLines
      trackBy={(row) => `${row.contactId}/${row.question}`}
      items={rows}
      ariaLabels={{ tableLabel: t.calibration.sideBySide }}
      header={
        <Header
          variant="h2"
          counter={`(${fill(t.calibration.differing, { differing: rows.filter(({ differs }) => differs).length, all: rows.length })})`}
          description={t.calibration.sideBySideText}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {choice("one", one)}
              {choice("other", other)}
            </SpaceBetween>
          }
        >
          {t.calibration.sideBySide}
        </Header>
      }
      columnDefinitions={[
        { id: "call", header: t.scorecards.call, isRowHeader: true, cell: (row) => <Link href={hrefOf(["scorecards", row.contactId, agreement.form])}>{row.contactId.slice(0, 13)}</Link> },
        { id: "question", header: t.forms.question, minWidth: 220, cell: (row) => row.title },
        { id: "one", header: nameOf(one), cell: (row) => <Badge>{word(row.values.get(one))}</Badge> },
        { id: "other", header: nameOf(other), cell: (row) => <Badge>{word(row.values.get(other))}</Badge> },
        { id: "differs", header: t.calibration.same, cell: (row) => <StatusIndicator type={row.differs ? "warning" : "success"}>{row.differs ? t.calibration.no : t.calibration.yes}</StatusIndicator> },
      ]}
    />
  );
}
