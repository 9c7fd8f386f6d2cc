import Link from "@cloudscape-design/components/link";
import type { SharedMoment } from "@sotto/api";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../messages";
import { StateOfShare } from "./StateOfShare";
import { placeHref } from "./links";

/** What was shared of one call, and what became of each. */
export function SharedList({ moments }: { moments: readonly SharedMoment[] }) {
  const { t } = useWording();
  return (
    <ul className="plain-list">
      {moments.map((moment) => (
        <li key={moment.id} data-share={moment.acknowledgedAtMs === null ? "waiting" : "acknowledged"}>
          <Link href={placeHref(moment)} ariaLabel={fill(t.sharing.at, { time: callTime(moment.fromMs) })}>
            {callTime(moment.fromMs)}
          </Link>{" "}
          {moment.comment} <span className="quiet">{moment.sharerName}</span> <StateOfShare moment={moment} />
          {moment.answer !== null && <blockquote>{moment.answer}</blockquote>}
        </li>
      ))}
    </ul>
  );
}
