import type { InputProps } from "@cloudscape-design/components/input";
import { type RefObject, useCallback, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { cardsGone, cardsNow } from "../call/cards";
import type { Session } from "../call/session";
import type { Note } from "../call/state";
import type { LiveCalls } from "@sotto/realtime";
import { useShortcuts } from "@sotto/ui";
import { useWording } from "../messages";
import { type Action, KEYS } from "./keys";
import { AfterCall } from "./afterCall/AfterCall";
import { Announcer } from "./guidance/Announcer";
import { Article } from "./questions/Article";
import { Ask } from "./questions/Ask";
import { Card, type CardDeeds } from "./guidance/Card";
import { Checklist } from "./guidance/Checklist";
import { EarlierCards, OtherCards } from "./guidance/OtherCards";
import { LiveList } from "./supervisor/LiveCallList";
import { Options, type Preferences } from "./topBar/Options";
import { type Places, PlacesContext, type Source } from "./navigation";
import { TopBar } from "./topBar/TopBar";
import { Transcript, type TranscriptHandle } from "./transcript/Transcript";
import { useDeeds } from "./guidance/useFeedback";
import { useFront } from "./guidance/useTopCard";

interface Props {
  session: Session;
  supervision: LiveCalls | null;
  preferences: Preferences;
  onPreferences: (part: Partial<Preferences>) => void;
  clock: () => number;
}

export function Panel({ session, supervision, preferences, onPreferences, clock }: Props) {
  const { t } = useWording();
  const view = useSyncExternalStore(session.watch, session.snapshot);
  const { deeds, opened, setOpened, copied, asksWhy, setAsksWhy } = useDeeds(session);
  const [showDetails, setShowDetails] = useState(false);
  const [optionsOpen, setOptionsOpen] = useState(false);
  const [left, setLeft] = useState<string | null>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const search = useRef<InputProps.Ref>(null);
  const { source, places, closeArticle } = usePlacesOf(transcript, view.contactId);

  // A copied reply is about to be read out: its card counts as used and yet stays for a while.
  const inUse = view.held ?? asksWhy;
  const keep = inUse ?? copied?.id ?? null;
  const cards = useMemo(() => cardsNow(view.call, view.now, keep), [view.call, view.now, keep]);
  const gone = useMemo(() => cardsGone(view.call, view.now, keep), [view.call, view.now, keep]);
  const front = useFront(cards, opened, inUse, clock);
  const hasEnded = view.standing.state === "ended";
  const others = cards.filter((card) => card.id !== front?.id);

  const act = useCallback(
    (action: Action) => {
      if (typeof action === "object") return setOpened(others[action.open - 2]?.id ?? opened);
      switch (action) {
        case "search":
          return search.current?.focus();
        case "live":
          closeArticle();
          return transcript.current?.toLive();
        case "details":
          return setShowDetails((shown) => !shown);
        case "help":
          return setOptionsOpen((open) => !open);
        default:
          return front && !hasEnded && !session.isReadOnly && actOn(front, action, deeds);
      }
    },
    [others, opened, front, hasEnded, deeds, setOpened, session, closeArticle],
  );
  useShortcuts(KEYS, preferences.keysOn, act);

  const back = () => {
    setLeft(view.contactId);
    setOpened(null);
    session.follow(null);
  };

  return (
    <div className="panel">
      <TopBar view={view} onBack={supervision && view.contactId !== null ? back : null} optionsOpen={optionsOpen} onOptions={() => setOptionsOpen(!optionsOpen)} />
      {optionsOpen && <Options preferences={preferences} onChange={onPreferences} onClose={() => setOptionsOpen(false)} />}
      <Announcer front={hasEnded ? undefined : front} standing={view.standing.state} />
      {view.contactId === null && supervision ? (
        <LiveList supervision={supervision} left={left} onFollow={(contactId) => session.follow(contactId)} />
      ) : view.contactId === null ? (
        <main className="no-call">
          <h2>{t.waitingTitle}</h2>
          <p>{t.waitingText}</p>
        </main>
      ) : (
        <PlacesContext.Provider value={places}>
          <main className={source ? "call reading" : "call"}>
            <div className="help">
              <section className="guidance" aria-labelledby="guidance-title">
                <h2 id="guidance-title" className="offscreen">
                  {t.guidance}
                </h2>
                {hasEnded ? (
                  <AfterCall call={view.call} deeds={session.isReadOnly ? null : deeds} />
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
                    deeds={session.isReadOnly ? null : deeds}
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
            {source && <Article key={`${source.article}/${source.quote}`} session={session} source={source} onClose={closeArticle} />}
            <Ask key={view.contactId} session={session} field={search} />
          </main>
        </PlacesContext.Provider>
      )}
    </div>
  );
}

/** Where citations lead. The focus goes back to what opened an article. */
function usePlacesOf(transcript: RefObject<TranscriptHandle>, contactId: string | null) {
  const [opened, setOpened] = useState<{ source: Source; contactId: string | null } | null>(null);
  const opener = useRef<Element | null>(null);
  const places: Places = useMemo(
    () => ({
      toLine: (id) => {
        setOpened(null);
        transcript.current?.toLine(id);
      },
      openArticle: (source) => {
        opener.current = document.activeElement;
        setOpened({ source, contactId });
      },
    }),
    [transcript, contactId],
  );
  const closeArticle = useCallback(() => {
    setOpened(null);
    if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    opener.current = null;
  }, []);
  // An article of another call is not this one's.
  return { source: opened?.contactId === contactId ? opened.source : null, places, closeArticle };
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
