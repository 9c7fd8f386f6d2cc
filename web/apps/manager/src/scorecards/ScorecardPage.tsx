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
import { DeedBar } from "./DeedBar";
import { type Deed, type Draft, type Scorecard, type Written, deedsOf, draftOf, givenOf } from "./scorecard";
import "./ScorecardPage.css";
import { Sections } from "./Sections";
import { Standing } from "./Standing";
import { useDeed } from "./useDeed";
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
  const [deed, setDeed] = useState<Deed | null>(null);
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState("");
  const [shownVersion, setShownVersion] = useState<number | null>(null);
  const [openedAt] = useState(() => Date.now());
  const end = () => {
    setDeed(null);
    setShownVersion(null);
    onChanged();
  };
  const { outcome, send, forget } = useDeed(started.graphql, { contactId, form }, end);
  const shown = versions.find(({ version }) => version === shownVersion) ?? stands;
  const before = deed === "calibrate" ? EMPTY : draftOf(stands);
  const given = givenOf(draft, before);
  const after = versions.at(-1)?.version ?? 0;
  const begin = (next: Deed) => {
    forget();
    if (next === "acknowledge") return send({ deed: next, version: stands?.version ?? 0 });
    setShownVersion(null);
    setDraft(next === "calibrate" ? EMPTY : draftOf(stands));
    setChosen(new Set());
    setDeed(next);
  };
  const finish = () => {
    if (deed === "appeal") send({ deed, questions: [...chosen], reason });
    else if (deed === "calibrate") send({ deed, answers: given });
    else if (deed === "review" || deed === "decide") send({ deed, after, answers: given });
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
          {deed === null &&
            deedsOf(scorecard, viewer, contact?.agent ?? null, openedAt).map((each) => (
              <Button key={each} loading={outcome.state === "sending"} onClick={() => begin(each)}>
                {t.scorecards.deeds[each]}
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
      <div className="scorecard" data-scorecard={deed ?? "read"}>
        <SpaceBetween size="l">
          {/* What a bar says of its own deed; a press without a bar has no other place to be answered. */}
          {deed === null && <div role="alert">{outcome.state === "refused" ? <Alert type="error">{outcome.reason}</Alert> : outcome.state === "failed" && <Alert type="error">{t.scorecards.notSent}</Alert>}</div>}
          {shown && deed !== "calibrate" && <Standing scorecard={scorecard} shown={shown} onShow={setShownVersion} />}
          {deed !== null && (
            <DeedBar deed={deed} outcome={outcome} count={deed === "appeal" ? chosen.size : given.length} reason={reason} onReason={setReason} onSend={finish} onTurnDown={() => send({ deed: "decide", after, answers: [] })} onCancel={() => setDeed(null)} />
          )}
          <Sections scorecard={scorecard} contactId={contactId} shown={shown} lines={lines} deed={deed} draft={draft} onWrite={write} chosen={chosen} onChoose={choose} />
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
