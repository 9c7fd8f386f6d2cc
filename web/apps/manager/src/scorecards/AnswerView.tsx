import Badge from "@cloudscape-design/components/badge";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { callTime, fill, percent } from "@sotto/ui";
import { lineHref } from "../conversation/links";
import { useWording } from "../messages";
import type { Question, ScorecardAnswer, SpokenLine } from "./scorecard";

interface Props {
  question: Question;
  answer: ScorecardAnswer;
  contactId: string;
  lines: readonly SpokenLine[];
}

/** One answer: what it is, who gave it and how sure, and the words that show it, each leading to its place in the call. */
export function AnswerView({ question, answer, contactId, lines }: Props) {
  const { t, locale } = useWording();
  const shown = lines.filter(({ id }) => answer.utteranceIds.includes(id));
  const { fromMs, toMs } = answer;
  return (
    <div className="answer" data-answer={question.id}>
      <p>
        <AnswerWord question={question} answer={answer} />{" "}
        {answer.how !== "NOBODY" && (
          <span className="quiet">
            {t.scorecards.how[answer.how]}
            {answer.how !== "PERSON" && `, ${fill(t.scorecards.sure, { percent: percent(answer.confidence, locale) })}`}
          </span>
        )}
      </p>
      {fromMs !== null && toMs !== null && <p className="quiet">{fill(t.scorecards.within, { from: callTime(fromMs), until: callTime(toMs) })}</p>}
      {answer.reason !== null && <p className="quiet">{(t.scorecards.whyOpen as Record<string, string | undefined>)[answer.reason] ?? answer.reason}</p>}
      {shown.map(({ id, startMs, speaker, text }) => {
        const who = { CUSTOMER: t.customer, AGENT: t.agent, SYSTEM: t.system }[speaker];
        return (
          <blockquote key={id}>
            <Link href={lineHref(contactId, id)} fontSize="body-s" ariaLabel={fill(t.conversation.spokenAt, { who, time: callTime(startMs) })}>
              {callTime(startMs)}
            </Link>{" "}
            <span className="quiet">{who}:</span> {text}
          </blockquote>
        );
      })}
    </div>
  );
}

function AnswerWord({ question, answer }: Pick<Props, "question" | "answer">) {
  const { t } = useWording();
  if (answer.standing !== "ANSWERED") return <StatusIndicator type={answer.standing === "OPEN" ? "pending" : "stopped"}>{t.scorecards.standing[answer.standing]}</StatusIndicator>;
  const option = question.options.find(({ id }) => id === answer.value);
  return <Badge color="blue">{option?.text ?? answer.value ?? ""}</Badge>;
}
