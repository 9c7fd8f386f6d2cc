import { type CallState, factsOf } from "@sotto/call";
import { useWording } from "../../messages";
import "./FactRow.css";

/** What was named in the call, so that nobody scrolls back for a sum or a day. */
export function SpokenFacts({ call }: { call: CallState }) {
  const { t } = useWording();
  const facts = factsOf(call);
  if (facts.length === 0) return null;
  return (
    <dl className="fact-row spoken-facts" aria-label={t.spokenFacts}>
      {facts.map(({ title, values }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{values.join(" · ")}</dd>
        </div>
      ))}
    </dl>
  );
}
