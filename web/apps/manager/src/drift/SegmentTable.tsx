import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { percent } from "@sotto/ui";
import { dimensionText } from "../figures/figureText";
import { useWording } from "../messages";
import type { Found } from "./drift";

type Segment = Found["segments"][number];

/** Where the model doubts more than it did. */
export function SegmentTable({ segments }: { segments: readonly Segment[] }) {
  const { t, locale } = useWording();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (
    <Table
      wrapLines
      items={segments}
      trackBy={({ dimension, value }) => `${dimension} ${value}`}
      ariaLabels={{ tableLabel: t.drift.segments }}
      empty={t.drift.noSegments}
      header={<Header variant="h2" counter={`(${segments.length})`}>{t.drift.segments}</Header>}
      columnDefinitions={[
        { id: "segment", header: t.drift.segment, isRowHeader: true, minWidth: 180, cell: ({ dimension, value }: Segment) => `${dimensionText(dimension, t)}: ${value.replaceAll("_", " ")}` },
        { id: "utterances", header: t.drift.utterances, cell: (each: Segment) => number.format(each.utterances) },
        { id: "unknown", header: t.drift.unknown, minWidth: 150, cell: (each: Segment) => percent(each.unknown, locale) },
        { id: "errors", header: t.drift.errors, minWidth: 130, cell: (each: Segment) => number.format(each.errors) },
      ]}
    />
  );
}
