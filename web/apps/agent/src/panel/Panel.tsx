import type { InputProps } from "@cloudscape-design/components/input";
import { useShortcuts } from "@sotto/ui";
import { useCallback, useRef, useState, useSyncExternalStore } from "react";
import type { PastCalls } from "../pastCalls";
import type { SharedMoments } from "../sharedMoments";
import { hasEnded, type OpenChats, type Session } from "@sotto/call";
import { PlayAgain } from "./afterCall/PlayAgain";
import { CallView } from "./CallView";
import { ChatTabs } from "./chats/ChatTabs";
import { acceptDisposition } from "./afterCall/acceptDisposition";
import { actOnCard } from "./guidance/actOnCard";
import { Announcer } from "./guidance/Announcer";
import { useCards } from "./guidance/useCards";
import { type Action, KEYS } from "./keys";
import { NoCall } from "./NoCall";
import "./Panel.css";
import { Options, type Preferences } from "./topBar/Options";
import { TopBar } from "./topBar/TopBar";
import type { TranscriptHandle } from "./transcript/Transcript";
import { useCitationTarget } from "./useCitationTarget";

interface Props {
  session: Session;
  isSupervisor: boolean;
  pastCalls: PastCalls;
  chats: OpenChats;
  shared: SharedMoments;
  preferences: Preferences;
  onPreferences: (part: Partial<Preferences>) => void;
  clock: () => number;
}

export function Panel({ session, isSupervisor, pastCalls, chats, shared, preferences, onPreferences, clock }: Props) {
  const view = useSyncExternalStore(session.watch, session.snapshot);
  const cards = useCards(session, view, clock);
  const [showDetails, setShowDetails] = useState(false);
  const [optionsOpen, setOptionsOpen] = useState(false);
  const [openedPast, setOpenedPast] = useState<string | null>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const questionField = useRef<InputProps.Ref>(null);
  const citation = useCitationTarget(transcript, view.contactId);
  const isOver = hasEnded(view);

  const { topCard, others } = cards;
  const { actions, opened, setOpened, undoable } = cards.feedback;
  const { closeArticle } = citation;
  const act = useCallback(
    (action: Action) => {
      if (typeof action === "object") return setOpened(others[action.open - 2]?.id ?? opened);
      switch (action) {
        case "search":
          // What is typed next takes the old question's place; whoever wants to change it has an arrow key.
          return questionField.current?.select();
        case "live":
          closeArticle();
          return transcript.current?.toLive();
        case "details":
          return setShowDetails((shown) => !shown);
        case "help":
          return setOptionsOpen((open) => !open);
        case "undo":
          return undoable && !isOver && actions.restore(undoable.id);
        case "done":
          if (isOver) return acceptDisposition(session, view.call.afterCall);
          return topCard && actOnCard(topCard, action, actions);
        default:
          return topCard && !isOver && actOnCard(topCard, action, actions);
      }
    },
    [others, opened, topCard, undoable, isOver, actions, setOpened, session, closeArticle, view.call.afterCall],
  );
  useShortcuts(KEYS, preferences.keysOn, act);

  const openPast = (contactId: string) => {
    setOpenedPast(contactId);
    session.follow(contactId);
  };
  const leadsBack = view.contactId !== null && isOver;
  const back = () => {
    setOpened(null);
    session.follow(null);
  };

  return (
    <div className="panel">
      <TopBar view={view} onBack={leadsBack ? back : null} isFromList={openedPast === view.contactId} optionsOpen={optionsOpen} onOptions={() => setOptionsOpen(!optionsOpen)} />
      {optionsOpen && <Options preferences={preferences} onChange={onPreferences} onClose={() => setOptionsOpen(false)} />}
      {pastCalls.playAgain && (isOver || view.contactId === null) && <PlayAgain playAgain={pastCalls.playAgain} />}
      <Announcer topCard={isOver ? undefined : topCard} status={view.status.state} />
      <ChatTabs chats={chats} current={view.contactId} onOpen={(contactId) => session.follow(contactId)} />
      {view.contactId !== null ? (
        <CallView
          session={session}
          view={view}
          cards={cards}
          citation={citation}
          showDetails={showDetails}
          onToggleDetails={() => setShowDetails(!showDetails)}
          transcript={transcript}
          questionField={questionField}
        />
      ) : (
        <NoCall pastCalls={pastCalls} shared={shared} isSupervisor={isSupervisor} onOpen={openPast} />
      )}
    </div>
  );
}
