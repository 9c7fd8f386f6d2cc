import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Requests } from "@sotto/realtime";
import { useCatalogue } from "../figures/useCatalogue";
import "../home/HomePage.css";
import { TodayFigure } from "../home/TodayFigure";
import { WaitingAlerts } from "../home/WaitingAlerts";
import { useMinute } from "../home/useMinute";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { GROUPS, type Group, healthForm } from "./health";

/** How well the product itself works, and what it costs, as far as the facts of conversations say; each figure leads to the analyst. */
export function HealthPage({ graphql }: { graphql: Requests }) {
  const { t } = useWording();
  const now = useMinute();
  const catalogue = useCatalogue(graphql);
  const metrics = catalogue.state === "loaded" ? catalogue.catalogue.metrics : [];
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t.health.description} actions={<Button href={hrefOf(["drift"])}>{t.drift.title}</Button>}>
          {t.health.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <WaitingAlerts graphql={graphql} asOf={now} />
        {catalogue.state === "failed" && <Empty title={t.figures.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={() => location.reload()} />}
        {catalogue.state === "refused" && <Empty title={t.figures.refused} text={catalogue.reason} />}
        {catalogue.state === "loaded" &&
          (Object.keys(GROUPS) as Group[]).map((group) => (
            <Container key={group} header={<Header variant="h2" description={t.health.texts[group]}>{t.health.groups[group]}</Header>}>
              <ul className="plain-list todays" data-health={group}>
                {GROUPS[group].flatMap((name) =>
                  metrics.filter((each) => each.name === name).map((metric) => <TodayFigure key={name} graphql={graphql} metric={metric} form={healthForm(name)} now={now} asOf={now} />),
                )}
              </ul>
            </Container>
          ))}
        <p className="quiet">
          {t.health.elsewhere} <Link href={hrefOf(["reports"])}>{t.reports.title}</Link>
        </p>
      </SpaceBetween>
    </ContentLayout>
  );
}
