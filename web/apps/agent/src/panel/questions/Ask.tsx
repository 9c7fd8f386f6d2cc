import Input, { type InputProps } from "@cloudscape-design/components/input";
import { useRef, useState, type Ref } from "react";
import { type Answer, type Asked, type CallAnswer, type Result, isComplete } from "../../call/questions";
import { LONGEST_QUESTION, type Session } from "../../call/session";
import { fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { usePlaces } from "../navigation";
import { Quotes } from "./Quotes";

/** One field for both: nobody has to know whether the call or the knowledge base has the answer. */
export function Ask({ session, field }: { session: Session; field: Ref<InputProps.Ref> }) {
  const { t } = useWording();
  const { question, setQuestion, asked, ask, clear } = useAsking(session);
  const waits = asked !== null && !isComplete(asked);
  return (
    <section className="knowledge" aria-label={t.ask}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Input
          ref={field}
          type="search"
          value={question}
          placeholder={t.askShort}
          ariaLabel={t.ask}
          clearAriaLabel={t.clearSearch}
          nativeInputAttributes={{ maxLength: LONGEST_QUESTION }}
          onChange={({ detail }) => (detail.value === "" ? clear() : setQuestion(detail.value))}
          onKeyDown={({ detail }) => detail.key === "Escape" && clear()}
        />
      </form>
      {asked?.results.map((result) => <Shown key={result.from} result={result} question={asked.question} />)}
      <div role="status">{waits && <p className="quiet">{t.searching}…</p>}</div>
    </section>
  );
}

function Shown({ result, question }: { result: Result; question: string }) {
  const { t } = useWording();
  const title = result.from === "call" ? t.fromCall : t.fromKnowledge;
  return (
    <section className="found" data-from={result.from} aria-label={title}>
      <h2>{title}</h2>
      {"failed" in result ? (
        <p className="quiet">{t.searchFailed}</p>
      ) : result.from === "call" ? (
        <OfTheCall answer={result.answer} question={question} />
      ) : (
        <OfTheKnowledge answers={result.answers} />
      )}
    </section>
  );
}

function OfTheCall({ answer, question }: { answer: CallAnswer; question: string }) {
  const { t } = useWording();
  return (
    <>
      {answer.question !== question && <p className="quiet">{fill(t.askedWithout, { question: answer.question })}</p>}
      {answer.said.length === 0 && <p className="quiet">{t.callTellsNothing}</p>}
      {answer.text !== "" && <p>{answer.text}</p>}
      {answer.said.length > 0 && <p className="quiet origin">{answer.origin === "MODEL" ? t.answerWritten : t.answerQuoted}</p>}
      <Quotes said={answer.said} />
    </>
  );
}

function OfTheKnowledge({ answers }: { answers: readonly Answer[] }) {
  const { t } = useWording();
  const { openArticle } = usePlaces();
  if (answers.length === 0) return <p className="quiet">{t.searchNothing}</p>;
  return (
    <ul className="answers">
      {answers.map((answer) => (
        <li key={`${answer.article}/${answer.startChar}`}>
          <p>{answer.text}</p>
          <button
            type="button"
            className="plain"
            onClick={() => openArticle({ article: answer.article, title: answer.title, quote: answer.text, near: answer.startChar })}
          >
            <span aria-hidden="true" className="twist">
              ↗
            </span>
            {fill(t.readMore, { title: answer.title })}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Asks both at once; what still comes of an earlier question is dropped. */
function useAsking(session: Session) {
  const [asked, setAsked] = useState(() => session.lastAsked());
  const [question, setQuestion] = useState(asked?.question ?? "");
  const latest = useRef(0);
  const shown = useRef(asked);
  const put = (next: Asked | null) => {
    shown.current = next;
    setAsked(next);
    session.keepAsked(next);
  };
  const clear = () => {
    latest.current += 1;
    setQuestion("");
    put(null);
  };
  const ask = () => {
    const wanted = question.trim();
    if (wanted === "") return clear();
    const turn = (latest.current += 1);
    const show = (result: Result) => {
      const before = shown.current;
      if (turn === latest.current && before) put({ ...before, results: [...before.results, result] });
    };
    put({ question: wanted, results: [] });
    session.ask(wanted).then(
      (answer) => show(answer ? { from: "call", answer } : { from: "call", failed: true }),
      () => show({ from: "call", failed: true }),
    );
    session.search(wanted).then(
      (answers) => show({ from: "knowledge", answers }),
      () => show({ from: "knowledge", failed: true }),
    );
  };
  return { question, setQuestion, asked, ask, clear };
}
