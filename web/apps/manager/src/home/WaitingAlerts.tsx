import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Alerts, type AlertsResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill, plural } from "@sotto/ui";
import { useEffect, useState } from "react";
import { foundText, subjectText } from "../alerts/alertText";
import { useCatalogue } from "../figures/useCatalogue";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";

const SHOWN = 3;
const COUNTED = 50;

/** Alerts that nobody has acknowledged; nothing for those who have no part in them. */
export function WaitingAlerts({ graphql, asOf }: { graphql: Requests; asOf: number }) {
  const { t, locale } = useWording();
  const [page, setPage] = useState<AlertsResult["alerts"] | null>(null);
  const catalogue = useCatalogue(graphql);
  useEffect(() => {
    let isWanted = true;
    // Who may not see them, or has no line, sees what is known: the page of alerts says why.
    graphql.request(Alerts, { first: COUNTED, after: null, onlyWaiting: true }).then(({ alerts }) => isWanted && setPage(alerts), () => undefined);
    return () => {
      isWanted = false;
    };
  }, [graphql, asOf]);
  if (page === null) return null;
  const count = page.alerts.length;
  const text = page.cursor === null ? plural(t.alerts.bell, count, locale) : fill(t.alerts.bellMore, { count });
  const metricOf = (name: string | null) => (catalogue.state === "loaded" ? catalogue.catalogue.metrics.find((each) => each.name === name) : undefined);
  return (
    <div data-waiting-alerts={count}>
      <Container header={<Header variant="h2" actions={<Link href={hrefOf(["alerts"])}>{t.alerts.homeMore}</Link>}>{count === 0 ? t.alerts.title : text}</Header>}>
        {count === 0 && <Box color="text-body-secondary">{t.alerts.homeNone}</Box>}
        <ul className="plain-list">
          {page.alerts.slice(0, SHOWN).map((alert) => (
            <li key={alert.id}>
              <StatusIndicator type={alert.overAtMs === null ? "warning" : "stopped"}>
                <Link href={hrefOf(["alerts", alert.id])}>{alert.ruleName}</Link> {foundText(alert, metricOf(alert.metric), t, locale)} ({subjectText(alert, t)})
              </StatusIndicator>
            </li>
          ))}
        </ul>
      </Container>
    </div>
  );
}
