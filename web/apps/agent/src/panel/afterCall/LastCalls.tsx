import type { Contact } from "@sotto/api";
import { useEffect, useState } from "react";
import type { PastCalls } from "../../pastCalls";
import { useWording } from "../../messages";
import "./LastCalls.css";

/** The agent's last calls; one press opens one as it ended. Nothing where there is none, or nobody could say. */
export function LastCalls({ pastCalls, onOpen }: { pastCalls: PastCalls; onOpen: (contactId: string) => void }) {
  const { t, locale } = useWording();
  const [calls, setCalls] = useState<readonly Contact[]>([]);
  useEffect(() => {
    let isShown = true;
    pastCalls.last().then(
      (found) => isShown && setCalls(found),
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, [pastCalls]);
  if (calls.length === 0) return null;
  const time = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "numeric", minute: "2-digit" });
  return (
    <section className="last-calls">
      <h3>{t.lastCalls}</h3>
      <ul>
        {calls.map((call) => (
          <li key={call.contactId}>
            <button type="button" className="last-call" onClick={() => onOpen(call.contactId)}>
              <time>{time.format(call.mediaStartedAtMs)}</time> <span>{call.queue}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
