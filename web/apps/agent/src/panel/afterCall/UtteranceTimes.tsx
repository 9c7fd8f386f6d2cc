import type { Utterance } from "@sotto/api";
import { PlainButton, callTime, fill } from "@sotto/ui";
import { speakerName } from "@sotto/call";
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
            aria-label={fill(t.spokenAt, { who: speakerName(utterance.speaker, t), time: callTime(utterance.startMs) })}
            onClick={() => toUtterance(utterance.id)}
          >
            <time>{callTime(utterance.startMs)}</time>
          </PlainButton>
        ))}
    </>
  );
}
