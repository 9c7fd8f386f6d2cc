import { SOURCES, type QuestionResult as Result } from "@sotto/call";
import { useWording } from "../../messages";
import { CallAnswer } from "./CallAnswer";
import { KnowledgeAnswers } from "./KnowledgeAnswers";
import "./QuestionResult.css";

interface Props {
  from: (typeof SOURCES)[number];
  /** null: not yet. */
  result: Result | null;
  question: string;
}

/** What the call or the knowledge base answered. Its place is there before its answer. */
export function QuestionResult({ from, result, question }: Props) {
  const { t } = useWording();
  const title = from === "call" ? t.fromCall : t.fromKnowledge;
  return (
    <section className="found" data-from={from} data-answered={result !== null} aria-label={title} aria-busy={result === null}>
      <h2>{title}</h2>
      {result === null ? (
        <p className="quiet">{t.searching}…</p>
      ) : "failed" in result ? (
        <p className="quiet">{t.searchFailed}</p>
      ) : result.from === "call" ? (
        <CallAnswer answer={result.answer} question={question} />
      ) : (
        <KnowledgeAnswers assist={result.assist} />
      )}
    </section>
  );
}
