import type { Speaker } from "@sotto/api";
import { callTime } from "@sotto/ui";
import { useWording } from "../../messages";
import { usePlaces } from "../navigation";

interface Quote {
  readonly id: string;
  readonly speaker: Speaker;
  readonly startMs: number;
  readonly text: string;
}

/** Words of the call; each leads to its place in the transcript. */
export function Quotes({ said }: { said: readonly Quote[] }) {
  const { t } = useWording();
  const { toLine } = usePlaces();
  return (
    <ul className="quotes">
      {said.map((line) => (
        <li key={line.id}>
          <button type="button" className="plain" onClick={() => toLine(line.id)}>
            <time>{callTime(line.startMs)}</time>
            <span>
              <strong>{line.speaker === "CUSTOMER" ? t.customer : t.agent}:</strong> {line.text}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
