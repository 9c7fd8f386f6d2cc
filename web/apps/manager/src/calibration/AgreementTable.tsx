import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { percent } from "@sotto/ui";
import { useMemo } from "react";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import { type CsvColumn, csvOf, saveText } from "../table/csv";
import { Gate } from "./Gate";
import type { FormAgreement } from "./sideBySide";

type Agreement = FormAgreement["questions"][number];
type Interval = Agreement["machineHumanInterval"];

/** Question by question: kappa with the machine and among people, each with its interval, alpha and what the gate says. */
export function AgreementTable({ agreement }: { agreement: FormAgreement }) {
  const { t, locale } = useWording();
  const columns = useMemo(() => columnsOf(t, locale), [t, locale]);
  const save = () => saveText(`${t.calibration.csvName}-${agreement.form}.csv`, csvOf(csvColumns(t), agreement.questions));
  return (
    <Table
      wrapLines
      trackBy="question"
      items={agreement.questions}
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: t.calibration.agreement }}
      header={
        <Header
          variant="h2"
          description={t.calibration.agreementText}
          actions={
            <Button iconName="download" disabled={agreement.questions.length === 0} onClick={save}>
              {t.exportCsv}
            </Button>
          }
        >
          {t.calibration.agreement}
        </Header>
      }
    />
  );
}

function columnsOf(t: Messages, locale: string): readonly TableProps.ColumnDefinition<Agreement>[] {
  const two = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const figure = (value: number | null, interval: Interval) => (
    <>
      {value === null ? t.none : two.format(value)}
      {interval !== null && <span className="quiet"> {`${two.format(interval.low)} – ${two.format(interval.high)}`}</span>}
    </>
  );
  return [
    { id: "title", header: t.forms.question, isRowHeader: true, minWidth: 220, cell: ({ title }) => title },
    { id: "calls", header: t.calibration.calls, cell: ({ calls }) => calls },
    { id: "machine", header: t.calibration.machineHuman, minWidth: 160, cell: (each) => figure(each.machineHuman, each.machineHumanInterval) },
    { id: "people", header: t.calibration.humanHuman, minWidth: 160, cell: (each) => figure(each.humanHuman, each.humanHumanInterval) },
    { id: "alpha", header: t.calibration.alpha, cell: ({ alpha }) => (alpha === null ? t.none : two.format(alpha)) },
    { id: "raw", header: t.calibration.raw, cell: ({ raw }) => (raw === null ? t.none : percent(raw, locale)) },
    { id: "gate", header: t.forms.gate, minWidth: 210, cell: (each) => <Gate agreement={each} /> },
  ];
}

function csvColumns(t: Messages): readonly CsvColumn<Agreement>[] {
  return [
    { title: t.forms.question, value: ({ question }) => question },
    { title: t.calibration.calls, value: ({ calls }) => calls },
    { title: t.calibration.machineHuman, value: ({ machineHuman }) => machineHuman },
    { title: `${t.calibration.machineHuman} ↓`, value: ({ machineHumanInterval }) => machineHumanInterval?.low ?? null },
    { title: `${t.calibration.machineHuman} ↑`, value: ({ machineHumanInterval }) => machineHumanInterval?.high ?? null },
    { title: t.calibration.humanHuman, value: ({ humanHuman }) => humanHuman },
    { title: `${t.calibration.humanHuman} ↓`, value: ({ humanHumanInterval }) => humanHumanInterval?.low ?? null },
    { title: `${t.calibration.humanHuman} ↑`, value: ({ humanHumanInterval }) => humanHumanInterval?.high ?? null },
    { title: t.calibration.alpha, value: ({ alpha }) => alpha },
    { title: t.calibration.raw, value: ({ raw }) => raw },
    { title: t.forms.gate, value: ({ decision }) => decision },
  ];
}
