import { useEffect, useRef, useSyncExternalStore } from "react";
import type { LiveCall } from "@sotto/api";
import type { LiveCalls } from "@sotto/realtime";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../../messages";

interface Props {
  supervision: LiveCalls;
  /** The call that was followed last: the focus comes back to it. */
  left: string | null;
  onFollow: (contactId: string) => void;
}

/** The live calls of a supervisor's teams, those with a risk first. One press follows a call. */
export function LiveList({ supervision, left, onFollow }: Props) {
  const { t } = useWording();
  const { calls, state, now } = useSyncExternalStore(supervision.watch, supervision.snapshot);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    supervision.open();
    return () => supervision.close();
  }, [supervision]);
  useEffect(() => {
    if (left !== null) list.current?.querySelector<HTMLButtonElement>(`[data-contact="${CSS.escape(left)}"]`)?.focus();
  }, [left]);
  return (
    <main className="live-calls" data-live-calls={state}>
      <h2 className="offscreen">{t.liveCalls}</h2>
      <p role="status" className="quiet">
        {state === "live" && calls.length === 0 ? t.liveCallsQuiet : t.liveCallsState[state]}
      </p>
      <ul ref={list}>
        {calls.map((call) => (
          <li key={call.contactId}>
            <button type="button" className={call.riskCount > 0 ? "live-call high" : "live-call"} data-contact={call.contactId} onClick={() => onFollow(call.contactId)}>
              <span className="who">
                <strong>{call.agent}</strong> <span className="quiet">{[call.team, call.queue].filter(Boolean).join(" · ")}</span>
              </span>
              <time>{callTime(now - call.startedAtMs)}</time>
              <Risks call={call} />
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}

function Risks({ call }: { call: LiveCall }) {
  const { t } = useWording();
  const more = call.riskCount - call.riskMoments.length;
  return (
    <span className="risks">
      {call.riskMoments.map((risk) => (
        <span key={`${risk.name}/${risk.atMs}`} className="risk">
          <time>{callTime(risk.atMs)}</time> {risk.title}
        </span>
      ))}
      {more > 0 && <span className="quiet">{fill(t.moreRisks, { count: more })}</span>}
    </span>
  );
}
