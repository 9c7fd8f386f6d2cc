import { PlainButton, fill } from "@sotto/ui";
import type { KnowledgeAnswer, KnowledgeAssist } from "@sotto/call";
import { useWording } from "../../messages";
import { Origin } from "../guidance/Origin";
import { useNavigation } from "../navigation";
import "./KnowledgeAnswers.css";

/** The answer, each sentence with the numbers of what it rests on, and below it what was found; or that no article answers. */
export function KnowledgeAnswers({ assist }: { assist: KnowledgeAssist }) {
  const { t } = useWording();
  const { sentences, found, origin } = assist;
  if (found.length === 0) return <p className="quiet">{t.noArticle}</p>;
  return (
    <>
      {sentences.length === 0 ? (
        <p className="quiet">{t.noArticleButClosest}</p>
      ) : (
        <>
          <p className="assist">
            {sentences.map((sentence, place) => (
              <span key={place}>
                {place > 0 && " "}
                {sentence.text} <sup>{sentence.sources.map((source) => `[${source + 1}]`).join("")}</sup>
              </span>
            ))}
          </p>
          <p className="quiet fine-print">{origin === "MODEL" ? t.assistWritten : t.assistQuoted}</p>
        </>
      )}
      <ol className="answers">
        {found.map((answer) => (
          <Found key={`${answer.article}/${answer.startChar}`} answer={answer} />
        ))}
      </ol>
    </>
  );
}

function Found({ answer }: { answer: KnowledgeAnswer }) {
  const { t } = useWording();
  const { openArticle } = useNavigation();
  return (
    <li>
      <p>{answer.text}</p>
      <Origin source={answer.source} date={answer.date} />
      <PlainButton onClick={() => openArticle({ article: answer.article, title: answer.title, quote: answer.text, near: answer.startChar })}>
        <span aria-hidden="true" className="disclosure-sign">
          ↗
        </span>
        {fill(t.readMore, { title: answer.title })}
      </PlainButton>
    </li>
  );
}
