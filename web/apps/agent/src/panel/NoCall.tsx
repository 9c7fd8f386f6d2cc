import Link from "@cloudscape-design/components/link";
import type { PastCalls } from "../pastCalls";
import { useWording } from "../messages";
import type { SharedMoments } from "../sharedMoments";
import { LastCalls } from "./afterCall/LastCalls";
import { FromCoach } from "./coach/FromCoach";
import "./NoCall.css";

interface Props {
  pastCalls: PastCalls;
  shared: SharedMoments;
  isSupervisor: boolean;
  onOpen: (contactId: string) => void;
}

/** Between two calls. */
export function NoCall({ pastCalls, shared, isSupervisor, onOpen }: Props) {
  const { t } = useWording();
  return (
    <main className="no-call">
      <h2>{t.waitingTitle}</h2>
      <p>{t.waitingText}</p>
      {isSupervisor && <Link href="manager/index.html#/live">{t.toManagerApp}</Link>}
      <FromCoach shared={shared} />
      <LastCalls pastCalls={pastCalls} onOpen={onOpen} />
    </main>
  );
}
