import { useRef, useState } from "react";
import type { Question, QuestionResult, Session } from "@sotto/call";

/** Asks the call and the knowledge base at once; what still comes of an earlier question is dropped. */
export function useQuestion(session: Session) {
  const [question, setQuestion] = useState(() => session.lastQuestion());
  const [text, setText] = useState(question?.text ?? "");
  const latest = useRef(0);
  const shown = useRef(question);
  const show = (next: Question | null) => {
    shown.current = next;
    setQuestion(next);
    session.keepQuestion(next);
  };
  const clear = () => {
    latest.current += 1;
    setText("");
    show(null);
  };
  const ask = () => {
    const asked = text.trim();
    if (asked === "") return clear();
    const turn = (latest.current += 1);
    const add = (result: QuestionResult) => {
      const before = shown.current;
      if (turn === latest.current && before) show({ ...before, results: [...before.results, result] });
    };
    show({ text: asked, results: [] });
    session.askAboutCall(asked).then(
      (answer) => add(answer ? { from: "call", answer } : { from: "call", failed: true }),
      () => add({ from: "call", failed: true }),
    );
    session.askKnowledge(asked).then(
      (assist) => add(assist ? { from: "knowledge", assist } : { from: "knowledge", failed: true }),
      () => add({ from: "knowledge", failed: true }),
    );
  };
  return { text, setText, question, ask, clear };
}
