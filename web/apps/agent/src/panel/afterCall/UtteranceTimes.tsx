import type { Utterance } from "@sotto/api";
import { PlainButton, callTime, fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { useNavigation } from "../navigation";
import "./UtteranceTimes.css";

/** When it was said; a press leads there. */
export function UtteranceTimes({ ids, utterances }: { ids: readonly string[]; utterances: readonly Utterance[] }) {
  const { t } = useWording();
  const { toUtterance } = useNavigation();
  return (
    <>
      {utterances
        .filter((utterance) => ids.includes(utterance.id))
        .map((utterance) => (
          <PlainButton
            key={utterance.id}
            className="cited"
            aria-label={fill(t.spokenAt, { who: utterance.speaker === "CUSTOMER" ? t.customer : t.agent, time: callTime(utterance.startMs) })}
            onClick={() => toUtterance(utterance.id)}
          >
            <time>{callTime(utterance.startMs)}</time>
          </PlainButton>
        ))}
    </>
  );
}
