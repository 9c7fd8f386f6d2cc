import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Scorecards, type ScorecardsResult } from "@sotto/api";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import type { Started } from "../start";
import { useViewer } from "../shell/useViewer";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { ActionBar } from "./ActionBar";
import { type ScorecardAction, type Draft, type Scorecard, type Written, actionsOf, draftOf, givenOf } from "./scorecard";
import "./ScorecardPage.css";
import { Sections } from "./Sections";
import { Standing } from "./Standing";
import { useAction } from "./useAction";
import { useLines } from "./useLines";

interface Props {
  contactId: string;
  form: string;
  started: Started;
}

/** One call judged by one form: what was answered, by whom, what shows it, and what may be done about it. */
export function ScorecardPage({ contactId, form, started }: Props) {
  const { t } = useWording();
  const [answer, again] = useAnswer(started.graphql, Scorecards, { contactId });
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const scorecard = answer.data.scorecards.find((each) => each.form === form);
  if (!scorecard) return <Empty level="h1" title={t.scorecards.unknown} text={t.scorecards.unknownText} action={t.scorecards.toQueue} href={hrefOf(["scorecards"])} />;
  return <OneScorecard contactId={contactId} scorecard={scorecard} contact={answer.data.contact} started={started} onChanged={again} />;
}

interface OneProps {
  contactId: string;
  scorecard: Scorecard;
  contact: ScorecardsResult["contact"];
  started: Started;
  onChanged: () => void;
}

const EMPTY: Draft = new Map();

function OneScorecard({ contactId, scorecard, contact, started, onChanged }: OneProps) {
  const { t, locale } = useWording();
  const { stands, versions, form } = scorecard;
  const viewer = useViewer(started.token);
  const lines = useLines(started.graphql, contactId);
  const [action, setAction] = useState<ScorecardAction | null>(null);
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState("");
  const [shownVersion, setShownVersion] = useState<number | null>(null);
  const [openedAt] = useState(() => Date.now());
  const end = () => {
    setAction(null);
    setShownVersion(null);
    onChanged();
  };
  const { outcome, send, forget } = useAction(started.graphql, { contactId, form }, end);
  const shown = versions.find(({ version }) => version === shownVersion) ?? stands;
  const before = action === "calibrate" ? EMPTY : draftOf(stands);
  const given = givenOf(draft, before);
  const after = versions.at(-1)?.version ?? 0;
  const begin = (next: ScorecardAction) => {
    forget();
    if (next === "acknowledge") return send({ action: next, version: stands?.version ?? 0 });
    setShownVersion(null);
    setDraft(next === "calibrate" ? EMPTY : draftOf(stands));
    setChosen(new Set());
    setAction(next);
  };
  const finish = () => {
    if (action === "appeal") send({ action, questions: [...chosen], reason });
    else if (action === "calibrate") send({ action, answers: given });
    else if (action === "review" || action === "decide") send({ action, after, answers: given });
  };
  const write = (question: string, written: Written) => setDraft(new Map([...draft, [question, written]]));
  const choose = (question: string, isChosen: boolean) => setChosen(new Set(isChosen ? [...chosen, question] : [...chosen].filter((each) => each !== question)));
  const began = contact ? new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(contact.mediaStartedAtMs) : "";
  const header = (
    <Header
      variant="h1"
      description={[contact?.agentName ?? contact?.agent, contact?.team, began].filter(Boolean).join(" · ")}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button href={hrefOf(["conversations", contactId])}>{t.scorecards.openCall}</Button>
          {action === null &&
            actionsOf(scorecard, viewer, contact?.agent ?? null, openedAt).map((each) => (
              <Button key={each} loading={outcome.state === "sending"} onClick={() => begin(each)}>
                {t.scorecards.actions[each]}
              </Button>
            ))}
        </SpaceBetween>
      }
    >
      {scorecard.title}
    </Header>
  );
  return (
    <ContentLayout header={header}>
      <div className="scorecard" data-scorecard={action ?? "read"}>
        <SpaceBetween size="l">
          {/* What a bar says of its own action; a press without a bar has no other place to be answered. */}
          {action === null && <div role="alert">{outcome.state === "refused" ? <Alert type="error">{outcome.reason}</Alert> : outcome.state === "failed" && <Alert type="error">{t.scorecards.notSent}</Alert>}</div>}
          {shown && action !== "calibrate" && <Standing scorecard={scorecard} shown={shown} onShow={setShownVersion} />}
          {action !== null && (
            <ActionBar action={action} outcome={outcome} count={action === "appeal" ? chosen.size : given.length} reason={reason} onReason={setReason} onSend={finish} onTurnDown={() => send({ action: "decide", after, answers: [] })} onCancel={() => setAction(null)} />
          )}
          <Sections scorecard={scorecard} contactId={contactId} shown={shown} lines={lines} action={action} draft={draft} onWrite={write} chosen={chosen} onChoose={choose} />
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
