import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ReleaseOf } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { ReleaseCard } from "./ReleaseCard";
import { Stage } from "./Stage";
import { TakeBack } from "./TakeBack";
import { Trial } from "./Trial";

/** One version: what it learned, what its gates say, how its trial stands, and its way back. */
export function ReleasePage({ graphql, number }: { graphql: Requests; number: number }) {
  const { t, locale } = useWording();
  const [answer, again] = useAnswer(graphql, ReleaseOf, { number });
  const [isAsking, setAsking] = useState(false);
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const release = answer.data.release;
  if (!release) return <Empty level="h1" title={t.releases.missing} text={t.releases.missingText} action={t.releases.toAll} href={hrefOf(["releases"])} />;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const mayGoBack = release.stage === "TRIAL" || release.stage === "SHADOW";
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={fill(t.releases.about, { model: release.model, version: release.release ?? t.none })}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel={t.releases.refresh} onClick={again} />
              {mayGoBack && <Button onClick={() => setAsking(true)}>{t.releases.takeBack}</Button>}
            </SpaceBetween>
          }
        >
          {fill(t.releases.numbered, { number: release.number })}
        </Header>
      }
    >
      <div data-release={release.stage}>
        <SpaceBetween size="l">
          {release.stage === "JUDGED" && <Alert type="info">{t.releases.waits}</Alert>}
          <Container>
            <KeyValuePairs
              columns={4}
              minColumnWidth={200}
              items={[
                { label: t.releases.stage, value: <Stage stage={release.stage} percent={release.percent} /> },
                { label: t.releases.since, value: date.format(release.changedAtMs) },
                { label: t.releases.who, value: release.who ?? t.none },
                { label: t.releases.why, value: release.why ?? t.none },
              ]}
            />
          </Container>
          {release.trial && <Trial trial={release.trial} />}
          <ReleaseCard release={release} />
        </SpaceBetween>
      </div>
      <TakeBack graphql={graphql} number={number} isOpen={isAsking} onClose={() => setAsking(false)} onDone={again} />
    </ContentLayout>
  );
}
