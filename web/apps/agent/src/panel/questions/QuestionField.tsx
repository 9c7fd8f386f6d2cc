import Input, { type InputProps } from "@cloudscape-design/components/input";
import { type Ref, useEffect, useRef } from "react";
import { isComplete, MAX_QUESTION_LENGTH, type Session, SOURCES } from "@sotto/call";
import { useWording } from "../../messages";
import "./QuestionField.css";
import { QuestionResult } from "./QuestionResult";
import { useQuestion } from "./useQuestion";

/** One field for both: nobody has to know whether the call or the knowledge base has the answer. */
export function QuestionField({ session, field }: { session: Session; field: Ref<InputProps.Ref> }) {
  const { t } = useWording();
  const { text, setText, question, ask, clear } = useQuestion(session);
  const isWaiting = question !== null && !isComplete(question);
  const answers = useRef<HTMLElement>(null);
  const isAnswered = question !== null && isComplete(question);
  useEffect(() => {
    // Where the panel scrolls as a whole, answers come below what is seen.
    if (isAnswered) answers.current?.scrollIntoView({ block: "nearest" });
  }, [isAnswered, question]);
  return (
    <section ref={answers} className="knowledge" aria-label={t.ask}>
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
          value={text}
          placeholder={t.askShort}
          ariaLabel={t.ask}
          clearAriaLabel={t.clearSearch}
          nativeInputAttributes={{ maxLength: MAX_QUESTION_LENGTH }}
          onChange={({ detail }) => (detail.value === "" ? clear() : setText(detail.value))}
          onKeyDown={({ detail }) => detail.key === "Escape" && clear()}
        />
      </form>
      {question !== null &&
        SOURCES.map((from) => <QuestionResult key={from} from={from} result={question.results.find((result) => result.from === from) ?? null} question={question.text} />)}
      <div role="status" className="offscreen">
        {isWaiting && `${t.searching}…`}
      </div>
    </section>
  );
}
