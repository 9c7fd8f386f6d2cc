import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import type { Disposition, Utterance } from "@sotto/api";
import { GraphqlRefused } from "@sotto/api";
import { fill, percent } from "@sotto/ui";
import { useCallback, useState } from "react";
import type { Session } from "@sotto/call";
import { useWording } from "../../messages";
import { KEYS } from "../keys";
import "./DispositionChoice.css";
import { UtteranceTimes } from "./UtteranceTimes";

type State = "idle" | "sending" | "failed" | "refused";

/** How the call ended: the suggestion is one press away, every other code in a list. */
export function DispositionChoice({ disposition, utterances, session }: { disposition: Disposition; utterances: readonly Utterance[]; session: Session }) {
  const { t, locale } = useWording();
  const [state, setState] = useState<State>("idle");
  const { ranked, choice } = disposition;
  const suggested = choice === null ? ranked.find((each) => each.code === disposition.suggested) : undefined;
  const choose = useCallback(
    async (code: string) => {
      setState("sending");
      try {
        await session.chooseDisposition(code);
        setState("idle");
      } catch (error) {
        setState(error instanceof GraphqlRefused ? "refused" : "failed");
      }
    },
    [session],
  );
  return (
    <section className="disposition" aria-labelledby="disposition-title">
      <h4 id="disposition-title">{t.disposition.title}</h4>
      {choice && (
        <p className="chosen">
          {fill(t.disposition.chosen, { title: choice.title })} <span className="quiet">{t.disposition.written[choice.written]}</span>
        </p>
      )}
      {suggested && (
        <>
          <Button variant="primary" loading={state === "sending"} onClick={() => void choose(suggested.code)}>
            {suggested.title}
          </Button>
          <p className="quiet fine-print">
            {fill(t.disposition.suggested, { percent: percent(suggested.confidence, locale), key: KEYS.done.toUpperCase() })} <UtteranceTimes ids={suggested.utteranceIds} utterances={utterances} />
          </p>
        </>
      )}
      <Select
        selectedOption={null}
        placeholder={suggested || choice ? t.disposition.other : t.disposition.choose}
        ariaLabel={t.disposition.choose}
        filteringType={ranked.length > 10 ? "auto" : "none"}
        disabled={state === "sending"}
        options={ranked.map((each) => ({ value: each.code, label: each.title }))}
        onChange={({ detail }) => detail.selectedOption.value !== undefined && void choose(detail.selectedOption.value)}
      />
      <p role="status" className="quiet">
        {state === "failed" ? t.disposition.failed : state === "refused" ? t.disposition.refused : ""}
      </p>
    </section>
  );
}
