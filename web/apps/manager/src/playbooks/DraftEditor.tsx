import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { type DraftParts, RemovePlaybookDraft, SavePlaybookDraft } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { go, refine } from "../routes/useRoute";
import { ChangeList } from "./ChangeList";
import { LineChanges } from "./LineChanges";
import { MistakeList } from "./MistakeList";
import { Publish } from "./Publish";
import { ReplayForm } from "./ReplayForm";
import { RuleTree } from "./RuleTree";
import { useSending } from "./useSending";
import { WritingHelp } from "./WritingHelp";
import { YamlEditor } from "./YamlEditor";

const VIEWS = ["text", "trees", "changes", "replay"] as const;

interface Props {
  graphql: Requests;
  read: DraftParts;
  mayWrite: boolean;
  route: Route;
  onReload: () => void;
}

/** Written, checked, compared with what is live, replayed and published; which of them is shown is in the address. */
export function DraftEditor({ graphql, read, mayWrite, route, onReload }: Props) {
  const { t, locale } = useWording();
  const [saved, setSaved] = useState(read);
  const [text, setText] = useState(read.text);
  const [title, setTitle] = useState(read.title);
  const [goTo, setGoTo] = useState<{ line: number; wish: number } | null>(null);
  const [isPublishing, setPublishing] = useState(false);
  const { isSending, reason, send } = useSending();
  const isChanged = text !== saved.text || title !== saved.title;
  const isSound = saved.mistakes.length === 0;
  const save = (onLive = false) =>
    mayWrite && send(graphql.request(SavePlaybookDraft, { draftId: saved.id, version: saved.version, title, text, onLive }), ({ savePlaybookDraft }) => setSaved(savePlaybookDraft));
  const remove = () => send(graphql.request(RemovePlaybookDraft, { draftId: saved.id, version: saved.version }), () => go(hrefOf(["playbook"])));
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const view = VIEWS.find((each) => each === route.query.get("view")) ?? "text";
  const views = {
    text: (
      <SpaceBetween size="m">
        <MistakeList draft={saved} onGo={(line) => setGoTo({ line, wish: Date.now() })} />
        <YamlEditor text={text} label={t.playbooks.text} isReadOnly={!mayWrite} known={saved.known} mistakes={saved.mistakes} warnings={saved.warnings} goTo={goTo} onChange={setText} onSave={() => save()} />
        <WritingHelp known={saved.known} />
      </SpaceBetween>
    ),
    trees: <RuleTree nodes={saved.tree} route={route} />,
    changes: (
      <SpaceBetween size="m">
        <ChangeList changes={saved.changes} />
        {saved.lines.length > 0 && <LineChanges lines={saved.lines} />}
      </SpaceBetween>
    ),
    replay: <ReplayForm graphql={graphql} draft={saved} mayReplay={mayWrite && isSound && !isChanged} />,
  };
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={fill(t.playbooks.savedBy, { who: saved.changedBy, at: date.format(saved.changedAtMs) })}
          actions={
            mayWrite && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={isSending} onClick={remove}>
                  {t.playbooks.remove}
                </Button>
                <Button loading={isSending} disabled={!isChanged} onClick={() => save()}>
                  {t.playbooks.save}
                </Button>
                <Button variant="primary" disabled={isChanged || !isSound || saved.isOvertaken || saved.changes.length === 0} onClick={() => setPublishing(true)}>
                  {t.playbooks.publish}
                </Button>
              </SpaceBetween>
            )
          }
        >
          {saved.title}
        </Header>
      }
    >
      <div data-draft={saved.version} data-sound={isSound}>
        <SpaceBetween size="l">
          {reason !== null && (
            <Alert type="error" action={<Button onClick={onReload}>{t.playbooks.readAgain}</Button>}>
              {reason}
            </Alert>
          )}
          {saved.isOvertaken && (
            <Alert type="warning" header={t.playbooks.overtaken} action={mayWrite && <Button onClick={() => save(true)}>{t.playbooks.goOnFromLive}</Button>}>
              {t.playbooks.overtakenText}
            </Alert>
          )}
          <span role="status">
            {isChanged ? <StatusIndicator type="pending">{t.playbooks.unsaved}</StatusIndicator> : isSound ? <StatusIndicator>{t.playbooks.sound}</StatusIndicator> : <StatusIndicator type="error">{fill(t.playbooks.mistakes, { count: saved.mistakes.length })}</StatusIndicator>}
          </span>
          {mayWrite && (
            <FormField label={t.playbooks.name}>
              <Input value={title} onChange={({ detail }) => setTitle(detail.value)} />
            </FormField>
          )}
          <Container>
            <Tabs
              activeTabId={view}
              ariaLabel={t.playbooks.views}
              onChange={({ detail }) => refine({ view: detail.activeTabId === "text" ? null : detail.activeTabId })}
              tabs={VIEWS.map((id) => ({ id, label: t.playbooks.viewNames[id], content: id === view && views[id] }))}
            />
          </Container>
        </SpaceBetween>
      </div>
      <Publish graphql={graphql} draft={saved} isOpen={isPublishing} onClose={() => setPublishing(false)} />
    </ContentLayout>
  );
}
