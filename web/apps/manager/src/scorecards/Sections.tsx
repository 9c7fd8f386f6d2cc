import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useWording } from "../messages";
import { AnswerField } from "./AnswerField";
import { AnswerView } from "./AnswerView";
import { type ScorecardAction, type Draft, type Evaluation, NOTHING_WRITTEN, type Question, type Scorecard, type SpokenLine, type Written, sectionsOf } from "./scorecard";

interface Props {
  scorecard: Scorecard;
  contactId: string;
  /** The version that is looked at. */
  shown: Evaluation | null;
  lines: readonly SpokenLine[];
  action: ScorecardAction | null;
  draft: Draft;
  onWrite: (question: string, written: Written) => void;
  /** Which questions an appeal is about. */
  chosen: ReadonlySet<string>;
  onChoose: (question: string, isChosen: boolean) => void;
}

/** The form, section by section: each question with its answer and what shows it, or with the fields to answer it. */
export function Sections({ scorecard, ...props }: Props) {
  return (
    <SpaceBetween size="l">
      {sectionsOf(scorecard.questions).map(([title, questions]) => (
        <Container key={title} header={<Header variant="h2">{title}</Header>}>
          <SpaceBetween size="m">
            {questions.map((question) => (
              <QuestionView key={question.id} question={question} scorecard={scorecard} {...props} />
            ))}
          </SpaceBetween>
        </Container>
      ))}
    </SpaceBetween>
  );
}

function QuestionView({ question, scorecard, contactId, shown, lines, action, draft, onWrite, chosen, onChoose }: Props & { question: Question }) {
  const { t } = useWording();
  const { appeal } = scorecard;
  const answer = shown?.answers.find((each) => each.question === question.id);
  const isAppealed = appeal !== null && appeal.decidedVersion === null && appeal.questions.includes(question.id);
  const isWritten = action === "review" || action === "calibrate" || (action === "decide" && isAppealed);
  return (
    <section className="question" aria-label={question.title} data-question={question.id}>
      <h3>{question.title}</h3>
      {question.instructions !== "" && <p className="quiet">{question.instructions}</p>}
      {isAppealed && <p className="appealed">{t.scorecards.appealedHere}</p>}
      {answer && action !== "calibrate" && <AnswerView question={question} answer={answer} contactId={contactId} lines={lines} />}
      {isWritten && <AnswerField question={question} written={draft.get(question.id) ?? NOTHING_WRITTEN} lines={lines} onChange={(written) => onWrite(question.id, written)} />}
      {action === "appeal" && (
        <Checkbox checked={chosen.has(question.id)} ariaLabel={`${t.scorecards.disagree}: ${question.title}`} onChange={({ detail }) => onChoose(question.id, detail.checked)}>
          {t.scorecards.disagree}
        </Checkbox>
      )}
    </section>
  );
}
