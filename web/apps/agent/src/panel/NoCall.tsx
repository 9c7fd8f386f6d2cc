import type { PastCalls } from "../pastCalls";
import { useWording } from "../messages";
import { LastCalls } from "./afterCall/LastCalls";
import "./NoCall.css";

/** Between two calls. */
export function NoCall({ pastCalls, onOpen }: { pastCalls: PastCalls; onOpen: (contactId: string) => void }) {
  const { t } = useWording();
  return (
    <main className="no-call">
      <h2>{t.waitingTitle}</h2>
      <p>{t.waitingText}</p>
      <LastCalls pastCalls={pastCalls} onOpen={onOpen} />
    </main>
  );
}
