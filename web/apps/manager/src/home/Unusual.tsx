import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Anomalies, type AnomaliesResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill, plural } from "@sotto/ui";
import { useEffect, useState } from "react";
import { type FigureState, failureOf } from "../figures/figure";
import { formHref } from "../figures/figureForm";
import { dimensionText } from "../figures/figureText";
import { useWording } from "../messages";
import { formOfAnomaly } from "./unusual";

type Latest = AnomaliesResult["anomalies"];
type State = Exclude<FigureState, { state: "loaded" }> | { readonly state: "loaded"; readonly latest: Latest };

/** What was out of the ordinary in the last day; each leads to its hours. */
export function Unusual({ graphql, asOf }: { graphql: Requests; asOf: number }) {
  const { t } = useWording();
  const [found, setFound] = useState<State>({ state: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isWanted = true;
    graphql.request(Anomalies, {}).then(
      ({ anomalies }) => isWanted && setFound({ state: "loaded", latest: anomalies }),
      (error: unknown) => isWanted && setFound(failureOf(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [graphql, round, asOf]);
  return (
    <div data-unusual={found.state}>
      <Container header={<Header variant="h2" description={t.home.unusualText}>{t.home.unusual}</Header>}>
        {found.state === "loading" && <Spinner />}
        {found.state === "loaded" && <Listed latest={found.latest} />}
        {found.state === "refused" && <Box color="text-body-secondary">{found.reason}</Box>}
        {found.state === "failed" && <Button onClick={() => setRound((before) => before + 1)}>{t.conversations.retry}</Button>}
      </Container>
    </div>
  );
}

function Listed({ latest }: { latest: Latest }) {
  const { t, locale } = useWording();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  if (!latest.canTell) return <Box color="text-body-secondary">{t.home.cannotTell}</Box>;
  if (latest.anomalies.length === 0) return <StatusIndicator type="success">{plural(t.home.allUsual, latest.lookedAt, locale)}</StatusIndicator>;
  const until = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  return (
    <ul className="plain-list">
      {latest.anomalies.map((each) => (
        <li key={`${each.dimension} ${each.value} ${each.untilMs}`}>
          <StatusIndicator type="warning">
            <Link href={formHref("analyst", formOfAnomaly(each))}>
              {dimensionText(each.dimension, t)} {each.value.replaceAll("_", " ")}
            </Link>{" "}
            {fill(each.count > each.usual ? t.home.more : t.home.fewer, { count: number.format(each.count), hours: each.hours, usual: number.format(each.usual), until: until.format(each.untilMs) })}
          </StatusIndicator>
        </li>
      ))}
    </ul>
  );
}
