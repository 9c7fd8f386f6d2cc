import { PlainButton, fill } from "@sotto/ui";
import type { KnowledgeAnswer } from "../../call/questions";
import { useWording } from "../../messages";
import { useNavigation } from "../navigation";
import "./KnowledgeAnswers.css";

export function KnowledgeAnswers({ answers }: { answers: readonly KnowledgeAnswer[] }) {
  const { t } = useWording();
  const { openArticle } = useNavigation();
  if (answers.length === 0) return <p className="quiet">{t.searchNothing}</p>;
  return (
    <ul className="answers">
      {answers.map((answer) => (
        <li key={`${answer.article}/${answer.startChar}`}>
          <p>{answer.text}</p>
          <PlainButton onClick={() => openArticle({ article: answer.article, title: answer.title, quote: answer.text, near: answer.startChar })}>
            <span aria-hidden="true" className="disclosure-sign">
              ↗
            </span>
            {fill(t.readMore, { title: answer.title })}
          </PlainButton>
        </li>
      ))}
    </ul>
  );
}
