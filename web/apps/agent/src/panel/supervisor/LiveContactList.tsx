import type { LiveContactsFeed } from "@sotto/realtime";
import { callTime } from "@sotto/ui";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useWording } from "../../messages";
import "./LiveContactList.css";
import { LiveContactRisks } from "./LiveContactRisks";

interface Props {
  liveContacts: LiveContactsFeed;
  /** The call that was followed last: the focus comes back to it. */
  lastFollowed: string | null;
  onFollow: (contactId: string) => void;
}

/** The live calls of a supervisor's teams, those with a risk first. One press follows a call. */
export function LiveContactList({ liveContacts, lastFollowed, onFollow }: Props) {
  const { t } = useWording();
  const { contacts, state, now } = useSyncExternalStore(liveContacts.watch, liveContacts.snapshot);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    liveContacts.open();
    return () => liveContacts.close();
  }, [liveContacts]);
  useEffect(() => {
    if (lastFollowed !== null) list.current?.querySelector<HTMLButtonElement>(`[data-contact="${CSS.escape(lastFollowed)}"]`)?.focus();
  }, [lastFollowed]);
  return (
    <main className="live-calls" data-live-calls={state}>
      <h2 className="offscreen">{t.liveCalls}</h2>
      <p role="status" className="quiet">
        {state === "live" && contacts.length === 0 ? t.liveCallsQuiet : t.liveCallsState[state]}
      </p>
      <ul ref={list}>
        {contacts.map((contact) => (
          <li key={contact.contactId}>
            <button
              type="button"
              className={contact.riskCount > 0 ? "live-call high" : "live-call"}
              data-contact={contact.contactId}
              onClick={() => onFollow(contact.contactId)}
            >
              <span className="who">
                <strong>{contact.agent}</strong> <span className="quiet">{[contact.team, contact.queue].filter(Boolean).join(" · ")}</span>
              </span>
              <time>{callTime(now - contact.startedAtMs)}</time>
              <LiveContactRisks contact={contact} />
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}
