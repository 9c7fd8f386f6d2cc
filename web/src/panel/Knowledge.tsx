import Input, { type InputProps } from "@cloudscape-design/components/input";
import { useState, type Ref } from "react";
import type { Answer, Session } from "../call/session";
import { useWording } from "../messages";

type Found = { state: "idle" | "searching" | "failed" } | { state: "found"; answers: readonly Answer[] };

/** Asks the tenant's knowledge. Answers appear under the field, never over anything. */
export function Knowledge({ session, field }: { session: Session; field: Ref<InputProps.Ref> }) {
  const { t } = useWording();
  const [question, setQuestion] = useState("");
  const [found, setFound] = useState<Found>({ state: "idle" });
  const search = async () => {
    if (question.trim() === "") return setFound({ state: "idle" });
    setFound({ state: "searching" });
    try {
      setFound({ state: "found", answers: await session.search(question.trim()) });
    } catch {
      setFound({ state: "failed" });
    }
  };
  const clear = () => {
    setQuestion("");
    setFound({ state: "idle" });
  };
  return (
    <section className="knowledge" aria-label={t.search}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <Input
          ref={field}
          type="search"
          value={question}
          placeholder={t.search}
          ariaLabel={t.search}
          clearAriaLabel={t.clearSearch}
          onChange={({ detail }) => (detail.value === "" ? clear() : setQuestion(detail.value))}
          onKeyDown={({ detail }) => detail.key === "Escape" && clear()}
        />
      </form>
      <div role="status">
        {found.state === "searching" && <p className="quiet">{t.searching}…</p>}
        {found.state === "failed" && <p className="quiet">{t.searchFailed}</p>}
        {found.state === "found" && found.answers.length === 0 && <p className="quiet">{t.searchNothing}</p>}
      </div>
      {found.state === "found" && found.answers.length > 0 && (
        <ul className="answers">
          {found.answers.map((answer) => (
            <li key={`${answer.article}/${answer.startChar}`}>
              <strong>{answer.title}</strong>
              <p>{answer.text}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
