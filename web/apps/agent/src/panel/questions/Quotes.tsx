import type { Utterance } from "@sotto/api";
import { PlainButton, callTime } from "@sotto/ui";
import { speakerName } from "@sotto/call";
import { useWording } from "../../messages";
import { useNavigation } from "../navigation";
import "./Quotes.css";

type Quote = Pick<Utterance, "id" | "speaker" | "startMs" | "text">;

/** Words of the call; each leads to its place in the transcript. */
export function Quotes({ utterances }: { utterances: readonly Quote[] }) {
  const { t } = useWording();
  const { toUtterance } = useNavigation();
  return (
    <ul className="quotes">
      {utterances.map((utterance) => (
        <li key={utterance.id}>
          <PlainButton onClick={() => toUtterance(utterance.id)}>
            <time>{callTime(utterance.startMs)}</time>
            <span>
              <strong>{speakerName(utterance.speaker, t)}:</strong> {utterance.text}
            </span>
          </PlainButton>
        </li>
      ))}
    </ul>
  );
}
