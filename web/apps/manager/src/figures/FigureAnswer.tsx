import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FigureParts } from "@sotto/api";
import { useWording } from "../messages";
import { Chart } from "./Chart";
import { FigureNotes } from "./FigureNotes";
import { FigureTable } from "./FigureTable";
import { changeClass, sentenceOf, written } from "./figureText";

/** A figure, its sentence, its chart and the numbers of the chart. */
export function FigureAnswer({ figure, isTile = false }: { figure: FigureParts; isTile?: boolean }) {
  const { t, locale } = useWording();
  const { metric, total, form } = figure;
  return (
    <SpaceBetween size="m">
      <div>
        <div className={`figure-value ${changeClass(total, metric.good)}`} data-figure-value>
          {written(total.value, metric.unit, t, locale)}
        </div>
        <Box variant="p">{sentenceOf(figure, t, locale)}</Box>
        <Box variant="small" color="text-body-secondary">
          {metric.note}
        </Box>
      </div>
      <FigureNotes figure={figure} isTile={isTile} />
      {form.dimensions.length > 0 && figure.figures.length > 0 && (
        <>
          <Chart spec={figure.chart} label={metric.title} />
          <FigureTable figure={figure} isTile={isTile} />
        </>
      )}
    </SpaceBetween>
  );
}
