import type { QuestionResult as Result } from "../../call/questions";
import { useWording } from "../../messages";
import { CallAnswer } from "./CallAnswer";
import { KnowledgeAnswers } from "./KnowledgeAnswers";
import "./QuestionResult.css";

/** What the call or the knowledge base answered. */
export function QuestionResult({ result, question }: { result: Result; question: string }) {
  const { t } = useWording();
  const title = result.from === "call" ? t.fromCall : t.fromKnowledge;
  return (
    <section className="found" data-from={result.from} aria-label={title}>
      <h2>{title}</h2>
      {"failed" in result ? (
        <p className="quiet">{t.searchFailed}</p>
      ) : result.from === "call" ? (
        <CallAnswer answer={result.answer} question={question} />
      ) : (
        <KnowledgeAnswers answers={result.answers} />
      )}
    </section>
  );
}
