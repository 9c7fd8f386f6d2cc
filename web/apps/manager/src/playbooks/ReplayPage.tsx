import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { FiredTable } from "./FiredTable";
import { RuleTable } from "./RuleTable";
import { ReplayRun, behind, rulesOf } from "./replayRun";

/** What a draft would have done: played while one looks, call by call, and nothing of it is kept. */
export function ReplayPage({ graphql, id, route }: { graphql: Requests; id: string; route: Route }) {
  const { t, locale } = useWording();
  const [run] = useState(() => new ReplayRun(graphql, id));
  const { about, played, state, reason } = useSyncExternalStore(run.watch, run.snapshot);
  useEffect(() => {
    void run.play();
    return () => run.stop();
  }, [run]);
  const rules = useMemo(() => rulesOf(played), [played]);
  if (state === "refused") return <Empty level="h1" title={t.playbooks.noReplay} text={reason} action={t.playbooks.toPlaybook} href={hrefOf(["playbook"])} />;
  if (about === null) return <NotLoaded answer={{ state: state === "failed" ? "failed" : "loading" }} onRetry={() => void run.play()} />;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const toDraft = hrefOf(["playbook", "drafts", about.draftId]);
  if (about.contacts === 0) return <Empty level="h1" title={t.playbooks.noCalls} text={fill(t.playbooks.noCallsText, { from: date.format(about.sinceMs), to: date.format(about.untilMs) })} action={t.playbooks.toDraft} href={`${toDraft}?view=replay`} />;
  const skipped = played.filter((each) => each.skipped !== null).length;
  const noted = played.reduce((sum, each) => sum + each.noted, 0);
  const again = played.reduce((sum, each) => sum + each.foundAgain, 0);
  const thinned = played.filter((each) => each.isThinned).length;
  const chosen = rules.find((rule) => rule.id === route.query.get("rule"));
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={fill(t.playbooks.replayed, { from: date.format(about.sinceMs), to: date.format(about.untilMs) })} actions={<Button href={toDraft}>{t.playbooks.toDraft}</Button>}>
          {t.playbooks.replay}
        </Header>
      }
    >
      <div data-replay={state}>
        <SpaceBetween size="l">
          <Container>
            <SpaceBetween size="m">
              <ProgressBar
                value={(100 * played.length) / about.contacts}
                status={state === "done" ? "success" : state === "failed" ? "error" : "in-progress"}
                label={t.playbooks.progress}
                additionalInfo={fill(t.playbooks.playedOf, { played: played.length, all: about.contacts })}
                resultText={state === "failed" ? t.conversations.failed : fill(t.playbooks.playedOf, { played: played.length, all: about.contacts })}
                {...(state === "failed" ? { resultButtonText: t.conversations.retry, onResultButtonClick: () => void run.play() } : {})}
              />
              <KeyValuePairs
                columns={4}
                minColumnWidth={180}
                items={[
                  { label: t.playbooks.again, value: noted === 0 ? t.none : fill(t.playbooks.ofAll, { some: again, all: noted }) },
                  { label: t.playbooks.skipped, value: skipped },
                  { label: t.playbooks.thinned, value: thinned },
                  { label: t.playbooks.leftOut, value: about.leftOut },
                ]}
              />
              {about.unplayed.length > 0 && <Alert type="info">{fill(t.playbooks.unplayed, { names: about.unplayed.map((name) => name.replaceAll("_", " ")).join(", ") })}</Alert>}
            </SpaceBetween>
          </Container>
          <RuleTable rules={rules} chosen={chosen?.id ?? null} isDone={state === "done"} />
          {chosen && <FiredTable rule={chosen} rows={behind(played, chosen.id)} />}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
