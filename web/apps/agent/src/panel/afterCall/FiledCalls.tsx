import type { FiledCall } from "@sotto/api";
import { fill } from "@sotto/ui";
import type { Session } from "@sotto/call";
import { useWording } from "../../messages";
import "./FiledCalls.css";
import { PersonChoice } from "./PersonChoice";

/** In which systems the call is filed, and where the agent has to say whose it was. */
export function FiledCalls({ filed, session }: { filed: readonly FiledCall[]; session: Session }) {
  const { t } = useWording();
  if (filed.length === 0) return null;
  return (
    <section className="filed-calls" aria-labelledby="filed-calls-title">
      <h4 id="filed-calls-title">{t.filing.title}</h4>
      {filed.map((each) => (
        <div key={each.system}>
          <p>
            {fill(t.filing.states[each.state], { system: each.title })}{" "}
            {each.address !== null && (
              <a href={each.address} target="_blank" rel="noopener noreferrer">
                {fill(t.filing.open, { system: each.title })}
              </a>
            )}
          </p>
          {each.state === "AMBIGUOUS" && each.persons.length > 0 && <PersonChoice filed={each} session={session} />}
        </div>
      ))}
    </section>
  );
}
