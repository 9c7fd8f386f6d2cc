import type { LiveContactsFeed } from "@sotto/realtime";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { filtered } from "@sotto/call";
import { useWording } from "../../messages";
import "./LiveContactList.css";
import { LiveContactRow } from "./LiveContactRow";
import { LiveFilterBar } from "./LiveFilterBar";

interface Props {
  liveContacts: LiveContactsFeed;
  /** The call that was followed last: the focus comes back to it. */
  lastFollowed: string | null;
  onFollow: (contactId: string) => void;
}

/** The live calls of a supervisor's teams, those with a risk first. One press follows a call. */
export function LiveContactList({ liveContacts, lastFollowed, onFollow }: Props) {
  const { t } = useWording();
  const { contacts, state } = useSyncExternalStore(liveContacts.watch, liveContacts.snapshot);
  const [filter, setFilter] = useState({ text: "", onlyAtRisk: false });
  const [showLastWords, setShowLastWords] = useState(false);
  const shown = filtered(contacts, filter);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => liveContacts.want({ withLastWords: showLastWords }), [liveContacts, showLastWords]);
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
      {contacts.length > 0 && <LiveFilterBar filter={filter} onFilter={setFilter} showLastWords={showLastWords} onShowLastWords={setShowLastWords} />}
      <p role="status" className="quiet">
        {state !== "live" ? t.liveCallsState[state] : contacts.length === 0 ? t.liveCallsQuiet : shown.length === 0 ? t.liveCallsFiltered : ""}
      </p>
      <ul ref={list}>
        {shown.map((contact) => (
          <li key={contact.contactId}>
            <LiveContactRow contact={contact} onFollow={() => onFollow(contact.contactId)} />
          </li>
        ))}
      </ul>
    </main>
  );
}
