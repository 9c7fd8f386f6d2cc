import { fill } from "@sotto/ui";
import type { CallAnswer as Answer } from "@sotto/call";
import { useWording } from "../../messages";
import { Quotes } from "./Quotes";

/** What was said on this call, and what a model wrote from it where there is one. */
export function CallAnswer({ answer, question }: { answer: Answer; question: string }) {
  const { t } = useWording();
  return (
    <>
      {answer.question !== question && <p className="quiet">{fill(t.askedWithout, { question: answer.question })}</p>}
      {answer.utterances.length === 0 && <p className="quiet">{t.callTellsNothing}</p>}
      {answer.text !== "" && <p>{answer.text}</p>}
      {answer.utterances.length > 0 && <p className="quiet fine-print">{answer.origin === "MODEL" ? t.answerWritten : t.answerQuoted}</p>}
      <Quotes utterances={answer.utterances} />
    </>
  );
}
