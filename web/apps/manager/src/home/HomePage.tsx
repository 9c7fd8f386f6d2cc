import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { LiveContactsFeed, Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useCatalogue } from "../figures/useCatalogue";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import "./HomePage.css";
import { LiveCount } from "./LiveCount";
import { TODAYS, soFar, todaysForm } from "./today";
import { TodayFigure } from "./TodayFigure";
import { Unusual } from "./Unusual";
import { useMinute } from "./useMinute";
import { WaitingAlerts } from "./WaitingAlerts";

interface Props {
  graphql: Requests;
  feed: LiveContactsFeed;
}

/** The day so far: its figures beside the same weekday's, and the calls that are under way. */
export function HomePage({ graphql, feed }: Props) {
  const { t, locale } = useWording();
  const now = useMinute();
  const today = soFar(now);
  const catalogue = useCatalogue(graphql);
  const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(Date.parse(today.day));
  const known = catalogue.state === "loaded" ? TODAYS.flatMap((name) => catalogue.catalogue.metrics.filter((each) => each.name === name)) : [];
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={today.hours === 24 ? fill(t.home.whole, { day }) : fill(t.home.until, { day, hour: today.hours })} actions={<Button href={hrefOf(["analyst"])}>{t.home.ask}</Button>}>
          {t.home.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <LiveCount feed={feed} />
        <WaitingAlerts graphql={graphql} asOf={now} />
        <Unusual graphql={graphql} asOf={now} />
        {catalogue.state === "failed" && <Empty title={t.figures.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={() => location.reload()} />}
        {catalogue.state === "refused" && <Empty title={t.figures.refused} text={catalogue.reason} />}
        {catalogue.state === "loaded" && (
          <Container header={<Header variant="h2" description={t.home.comparedText}>{t.home.figures}</Header>}>
            <ul className="plain-list todays">
              {known.map((metric) => (
                <TodayFigure key={metric.name} graphql={graphql} metric={metric} form={todaysForm(metric.name, today)} now={now} asOf={now} />
              ))}
            </ul>
          </Container>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
