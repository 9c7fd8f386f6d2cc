import ContentLayout from "@cloudscape-design/components/content-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { ExampleQueue, type ExampleQueueResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { ExampleReview } from "./ExampleReview";

const AT_ONCE = 20;

/** What models may learn from: one utterance at a time, by keyboard. */
export function ExamplesPage({ graphql }: { graphql: Requests }) {
  const [answer, again] = useAnswer(graphql, ExampleQueue, { limit: AT_ONCE });
  const { t, locale } = useWording();
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const { exampleQueue, exampleLabels, reviewing } = answer.data;
  return (
    <ContentLayout
      header={
        <Header variant="h1" counter={`(${new Intl.NumberFormat(locale).format(reviewing.waiting)})`} description={`${t.examples.description} ${standing(reviewing, t.examples, locale)}`}>
          {t.examples.title}
        </Header>
      }
    >
      <div data-examples={exampleQueue.length}>
        {exampleQueue.length === 0 ? (
          <Container>
            <Empty title={t.examples.none} text={t.examples.noneText} action={t.examples.again} onAction={again} />
          </Container>
        ) : (
          // A new page of the queue begins anew; answers to the old one can no longer be taken back here.
          <ExampleReview key={exampleQueue.map((each) => each.contactId + each.utteranceId).join()} graphql={graphql} loaded={exampleQueue} labels={exampleLabels} onDone={again} />
        )}
      </div>
    </ContentLayout>
  );
}

function standing({ compared, agreed }: ExampleQueueResult["reviewing"], texts: { agreement: string; noAgreement: string }, locale: string): string {
  return compared === 0 ? texts.noAgreement : fill(texts.agreement, { share: percent(agreed / compared, locale), compared });
}
