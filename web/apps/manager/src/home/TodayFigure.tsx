import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Spinner from "@cloudscape-design/components/spinner";
import type { MetricsResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { type FormView, formHref, inputOf } from "../figures/figureForm";
import { changeClass, changeOf, written } from "../figures/figureText";
import { useFigure } from "../figures/useFigure";
import { useWording } from "../messages";

interface Props {
  graphql: Requests;
  metric: MetricsResult["metrics"]["metrics"][number];
  form: FormView;
  now: number;
  /** Another one asks again. */
  asOf: number;
}

export function TodayFigure({ graphql, metric, form, now, asOf }: Props) {
  const { t, locale } = useWording();
  const found = useFigure(graphql, inputOf(form, now), asOf);
  return (
    <li data-today={found.state}>
      <Link href={formHref("analyst", form)}>{metric.title}</Link>
      {found.state === "loading" && (
        <div>
          <Spinner />
        </div>
      )}
      {found.state === "loaded" && (
        <>
          <div className={`figure-value ${changeClass(found.figure.total, metric.good)}`}>{written(found.figure.total.value, metric.unit, t, locale)}</div>
          <div className="quiet">
            {found.figure.total.before === null ? t.home.nothingBefore : fill(t.home.before, { value: written(found.figure.total.before, metric.unit, t, locale) })}
            {changeText(changeOf(found.figure.total, metric.good), t.home)}
          </div>
          {found.figure.synthetic && <Badge>{t.figures.syntheticColumn}</Badge>}
        </>
      )}
      {found.state === "refused" && <div className="quiet">{found.reason}</div>}
      {found.state === "failed" && (
        <div>
          <Button onClick={found.again}>{t.conversations.retry}</Button>
        </div>
      )}
    </li>
  );
}

/** Colour alone says nothing to many. */
function changeText(change: ReturnType<typeof changeOf>, texts: { better: string; worse: string }): string {
  return change === "better" ? texts.better : change === "worse" ? texts.worse : "";
}
