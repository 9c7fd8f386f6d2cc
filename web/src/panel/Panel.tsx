import type { InputProps } from "@cloudscape-design/components/input";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { cardsGone, cardsNow } from "../call/cards";
import type { Session } from "../call/session";
import type { Note } from "../call/state";
import { useWording } from "../messages";
import { AfterCall } from "./AfterCall";
import { Announcer } from "./Announcer";
import { Card, type CardDeeds } from "./Card";
import { Checklist } from "./Checklist";
import { copyText } from "./clipboard";
import { EarlierCards, OtherCards } from "./Guidance";
import { Knowledge } from "./Knowledge";
import { Options, type Preferences } from "./Options";
import { type Action, useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";
import { Transcript, type TranscriptHandle } from "./Transcript";
import { useFront } from "./useFront";

interface Props {
  session: Session;
  preferences: Preferences;
  onPreferences: (part: Partial<Preferences>) => void;
  clock: () => number;
}

/** As long as it takes to read a reply to the customer. */
const READING_OUT_MS = 20_000;

export function Panel({ session, preferences, onPreferences, clock }: Props) {
  const { t } = useWording();
  const view = useSyncExternalStore(session.watch, session.snapshot);
  const [opened, setOpened] = useState<string | null>(null);
  const [copied, setCopied] = useState<{ id: string; worked: boolean } | null>(null);
  const [asksWhy, setAsksWhy] = useState<string | null>(null);
  const [showDetails, setShowDetails] = useState(false);
  const [optionsOpen, setOptionsOpen] = useState(false);
  const transcript = useRef<TranscriptHandle>(null);
  const search = useRef<InputProps.Ref>(null);

  // A copied reply is about to be read out: its card counts as used and yet stays for a while.
  const inUse = view.held ?? asksWhy;
  const keep = inUse ?? copied?.id ?? null;
  const cards = useMemo(() => cardsNow(view.call, view.now, keep), [view.call, view.now, keep]);
  const gone = useMemo(() => cardsGone(view.call, view.now, keep), [view.call, view.now, keep]);
  const front = useFront(cards, opened, inUse, clock);
  const hasEnded = view.standing.state === "ended";
  const others = cards.filter((card) => card.id !== front?.id);

  const acknowledge = useCallback(
    (annotationId: string) => {
      const isKnown = session.snapshot().call.opinions.get(annotationId)?.acknowledgedAtMs != null;
      if (!isKnown) session.act({ what: "acknowledge", annotationId });
    },
    [session],
  );
  const letGo = useCallback(() => {
    session.hold(null);
    setOpened(null);
    setAsksWhy(null);
    setCopied(null);
  }, [session]);
  const deeds: CardDeeds = useMemo(
    () => ({
      copy: (note) =>
        void copyText(note.reply ?? "").then((worked) => {
          setCopied({ id: note.id, worked });
          if (worked) acknowledge(note.id);
        }),
      acknowledge: (id) => {
        letGo();
        acknowledge(id);
      },
      dismiss: (annotationId) => {
        letGo();
        session.act({ what: "dismiss", annotationId });
      },
      rate: (annotationId, verdict, reason) => {
        session.act({ what: "rate", annotationId, verdict, ...(reason === undefined ? {} : { reason }) });
        setAsksWhy(verdict === "DOWN" && reason === undefined ? annotationId : null);
      },
    }),
    [session, letGo, acknowledge],
  );
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(null), READING_OUT_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const act = useCallback(
    (action: Action) => {
      if (typeof action === "object") return setOpened(others[action.open - 2]?.id ?? opened);
      switch (action) {
        case "search":
          return search.current?.focus();
        case "live":
          return transcript.current?.toLive();
        case "details":
          return setShowDetails((shown) => !shown);
        case "help":
          return setOptionsOpen((open) => !open);
        default:
          return front && !hasEnded && actOn(front, action, deeds);
      }
    },
    [others, opened, front, hasEnded, deeds],
  );
  useShortcuts(preferences.keysOn, act);

  return (
    <div className="panel">
      <TopBar view={view} optionsOpen={optionsOpen} onOptions={() => setOptionsOpen(!optionsOpen)} />
      {optionsOpen && <Options preferences={preferences} onChange={onPreferences} onClose={() => setOptionsOpen(false)} />}
      <Announcer front={hasEnded ? undefined : front} standing={view.standing.state} />
      {view.contactId === null ? (
        <main className="no-call">
          <h2>{t.waitingTitle}</h2>
          <p>{t.waitingText}</p>
        </main>
      ) : (
        <main className="call">
          <div className="help">
            <section className="guidance" aria-labelledby="guidance-title">
              <h2 id="guidance-title" className="offscreen">
                {t.guidance}
              </h2>
              {hasEnded ? (
                <AfterCall call={view.call} deeds={deeds} />
              ) : front ? (
                <Card
                  key={front.id}
                  note={front}
                  opinion={view.call.opinions.get(front.id)}
                  lines={view.call.lines}
                  now={view.now}
                  copied={copied?.id === front.id ? (copied.worked ? "yes" : "failed") : null}
                  asksWhy={asksWhy === front.id}
                  showDetails={showDetails}
                  deeds={deeds}
                  onToggleDetails={() => setShowDetails(!showDetails)}
                  onHold={(isHeld) => session.hold(isHeld ? front.id : null)}
                  onWhyAnswered={() => setAsksWhy(null)}
                />
              ) : (
                <p className="quiet nothing">{t.guidanceQuiet}</p>
              )}
              {!hasEnded && <OtherCards cards={others.map((note, index) => ({ note, key: index + 2 }))} onOpen={setOpened} />}
              {!hasEnded && <EarlierCards cards={gone} call={view.call} />}
            </section>
            <Checklist tasks={view.call.tasks} />
          </div>
          <Transcript lines={view.call.lines} moments={view.call.moments} showDetails={showDetails} handle={transcript} />
          <Knowledge session={session} field={search} />
        </main>
      )}
    </div>
  );
}

function actOn(front: Note, action: "copy" | "done" | "dismiss" | "up" | "down", deeds: CardDeeds): void {
  switch (action) {
    case "copy":
      return front.reply ? deeds.copy(front) : undefined;
    case "done":
      return deeds.acknowledge(front.id);
    case "dismiss":
      return deeds.dismiss(front.id);
    case "up":
      return deeds.rate(front.id, "UP");
    case "down":
      return deeds.rate(front.id, "DOWN");
  }
}
