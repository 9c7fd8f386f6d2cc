import type { FigureParts } from "@sotto/api";
import { metrics as german } from "../messages/de/metrics";

const WORDED: Readonly<Record<string, typeof german>> = { de: german };

interface Named {
  readonly name: string;
  readonly title: string;
  readonly note: string;
}

/** A metric's title and note in the page's language, where it has them; else as its definition has them. */
export function metricIn<Metric extends Named>(locale: string, metric: Metric): Metric {
  return { ...metric, ...WORDED[locale.slice(0, 2)]?.[metric.name] };
}

export function figureIn(locale: string, figure: FigureParts): FigureParts {
  return { ...figure, metric: metricIn(locale, figure.metric) };
}
