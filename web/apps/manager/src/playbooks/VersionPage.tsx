import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { PlaybookVersion, TakePlaybookBack, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { ChangeList } from "./ChangeList";
import { LineChanges } from "./LineChanges";
import { AUTHORS } from "./roles";
import { useSending } from "./useSending";

/** One version: who published it, when and why, what it changed, and the way back to it. */
export function VersionPage({ graphql, token, id }: { graphql: Requests; token: TokenSource; id: string }) {
  const { t, locale } = useWording();
  const role = useRole(token);
  const [answer, again] = useAnswer(graphql, PlaybookVersion, { versionId: id });
  const { isSending, reason, send } = useSending();
  if (answer.state === "refused") return <Empty level="h1" title={t.playbooks.noVersion} text={t.playbooks.noVersionText} action={t.playbooks.history} href={hrefOf(["playbook", "versions"])} />;
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const { playbookVersion: version, playbook: live } = answer.data;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const at = date.format(version.publishedAtMs);
  const isLive = live.versionId === version.id;
  const mayTakeBack = !isLive && version.hasText && role !== null && AUTHORS.includes(role);
  const takeBack = () => send(graphql.request(TakePlaybookBack, { versionId: id, insteadOf: live.book, note: fill(t.playbooks.backNote, { at }) }), ({ takePlaybookBack: done }) => go(hrefOf(["playbook", "versions", done.id])));
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            mayTakeBack && (
              <Button loading={isSending} onClick={takeBack}>
                {t.playbooks.takeBack}
              </Button>
            )
          }
        >
          {fill(t.playbooks.versionOf, { at })}
        </Header>
      }
    >
      <div data-version={isLive ? "live" : "past"}>
        <SpaceBetween size="l">
          {reason !== null && <Alert type="error">{reason}</Alert>}
          <Container>
            <KeyValuePairs
              columns={4}
              minColumnWidth={180}
              items={[
                { label: t.playbooks.who, value: version.publishedBy },
                { label: t.playbooks.publishedAt, value: at },
                { label: t.playbooks.note, value: version.note ?? t.none },
                { label: t.playbooks.state, value: isLive ? <StatusIndicator>{t.playbooks.isLive}</StatusIndicator> : t.playbooks.isPast },
              ]}
            />
          </Container>
          <Container header={<Header variant="h2">{t.playbooks.changed}</Header>}>
            <SpaceBetween size="m">
              <ChangeList changes={version.changes} />
              {version.lines.length > 0 && <LineChanges lines={version.lines} />}
            </SpaceBetween>
          </Container>
          {version.text !== null && (
            <ExpandableSection headerText={t.playbooks.text}>
              <pre className="diff" tabIndex={0} role="group" aria-label={t.playbooks.text}>
                {version.text}
              </pre>
            </ExpandableSection>
          )}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
