import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { type CallAnswer, type KnowledgeAssist, MAX_QUESTION_LENGTH, type Session } from "@sotto/call";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { LineLinks } from "./LineLinks";

interface Answers {
  readonly question: string;
  /** null: nothing has come; "failed": nothing will. */
  readonly call: CallAnswer | "failed" | null;
  readonly knowledge: KnowledgeAssist | "failed" | null;
}

/** A question about this call, answered from its own words and from the company's knowledge. */
export function AskPanel({ session, contactId }: { session: Session; contactId: string }) {
  const { t } = useWording();
  const [text, setText] = useState("");
  const [answers, setAnswers] = useState<Answers | null>(null);
  const ask = () => {
    const question = text.trim();
    if (question === "") return setAnswers(null);
    setAnswers({ question, call: null, knowledge: null });
    const add = (part: Partial<Answers>) => setAnswers((known) => (known?.question === question ? { ...known, ...part } : known));
    session.askAboutCall(question).then(
      (call) => add({ call: call ?? "failed" }),
      () => add({ call: "failed" }),
    );
    session.askKnowledge(question).then(
      (knowledge) => add({ knowledge: knowledge ?? "failed" }),
      () => add({ knowledge: "failed" }),
    );
  };
  return (
    <Container header={<Header variant="h2">{t.conversation.ask}</Header>}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <FormField stretch description={t.conversation.askHint} secondaryControl={<Button formAction="submit">{t.conversation.askButton}</Button>}>
          <Input type="search" value={text} ariaLabel={t.conversation.ask} nativeInputAttributes={{ maxLength: MAX_QUESTION_LENGTH }} onChange={({ detail }) => setText(detail.value)} />
        </FormField>
      </form>
      <div role="status">
        {answers && <FromCall answer={answers.call} contactId={contactId} />}
        {answers && <FromKnowledge assist={answers.knowledge} />}
      </div>
    </Container>
  );
}

function FromCall({ answer, contactId }: { answer: Answers["call"]; contactId: string }) {
  const { t } = useWording();
  if (answer === null || answer === "failed") return <p className="quiet">{answer === null ? t.conversation.asking : t.conversation.askFailed}</p>;
  return (
    <section aria-label={t.conversation.fromCall}>
      <h3>{t.conversation.fromCall}</h3>
      {answer.utterances.length === 0 && <p className="quiet">{t.conversation.callTellsNothing}</p>}
      {answer.text !== "" && <p>{answer.text}</p>}
      {answer.text !== "" && <p className="quiet">{t.conversation.answerWritten}</p>}
      {answer.utterances.map((utterance) => (
        <blockquote key={utterance.id}>
          “{utterance.text}” <LineLinks contactId={contactId} ids={[utterance.id]} utterances={[utterance]} />
        </blockquote>
      ))}
    </section>
  );
}

function FromKnowledge({ assist }: { assist: Answers["knowledge"] }) {
  const { t } = useWording();
  if (assist === null || assist === "failed") return null;
  return (
    <section aria-label={t.conversation.fromKnowledge}>
      <h3>{t.conversation.fromKnowledge}</h3>
      {assist.found.length === 0 && <p className="quiet">{t.conversation.noArticle}</p>}
      {assist.found.length > 0 && assist.sentences.length === 0 && <p className="quiet">{t.conversation.noArticleButClosest}</p>}
      {assist.sentences.length > 0 && <p>{assist.sentences.map((sentence) => sentence.text).join(" ")}</p>}
      {assist.found.map((found) => (
        <blockquote key={`${found.article}/${found.startChar}`}>
          “{found.text}” <span className="quiet">{fill(t.conversation.fromArticle, { title: found.title })}</span>
        </blockquote>
      ))}
    </section>
  );
}
