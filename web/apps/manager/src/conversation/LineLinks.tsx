import Link from "@cloudscape-design/components/link";
import type { Utterance } from "@sotto/api";
import { speakerName } from "@sotto/call";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../messages";
import { lineHref } from "./links";

interface Props {
  contactId: string;
  ids: readonly string[];
  utterances: readonly Pick<Utterance, "id" | "speaker" | "startMs">[];
}

/** The times of what shows it; each leads to its line. */
export function LineLinks({ contactId, ids, utterances }: Props) {
  const { t } = useWording();
  const cited = utterances.filter((utterance) => ids.includes(utterance.id));
  return (
    <>
      {cited.map((utterance) => {
        const time = callTime(utterance.startMs);
        return (
          <span key={utterance.id}>
            {" "}
            <Link href={lineHref(contactId, utterance.id)} variant="primary" fontSize="body-s" ariaLabel={fill(t.conversation.spokenAt, { who: speakerName(utterance.speaker, t), time })}>
              {time}
            </Link>
          </span>
        );
      })}
    </>
  );
}
