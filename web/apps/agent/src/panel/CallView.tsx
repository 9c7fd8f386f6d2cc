import type { InputProps } from "@cloudscape-design/components/input";
import type { RefObject } from "react";
import type { Session, View } from "@sotto/call";
import "./CallView.css";
import { Checklist } from "./guidance/Checklist";
import { Guidance } from "./guidance/Guidance";
import { HandoverNote } from "./handover/HandoverNote";
import type { Cards } from "./guidance/useCards";
import { NavigationContext } from "./navigation";
import { Article } from "./questions/Article";
import { NoteCards } from "./notes/NoteCards";
import { QuestionField } from "./questions/QuestionField";
import { Transcript, type TranscriptHandle } from "./transcript/Transcript";
import type { useCitationTarget } from "./useCitationTarget";

interface Props {
  session: Session;
  view: View;
  cards: Cards;
  citation: ReturnType<typeof useCitationTarget>;
  showDetails: boolean;
  onToggleDetails: () => void;
  transcript: RefObject<TranscriptHandle>;
  questionField: RefObject<InputProps.Ref>;
}

/** One column: what helps above, what is said below, questions at the end; two where there is room. */
export function CallView({ session, view, cards, citation, showDetails, onToggleDetails, transcript, questionField }: Props) {
  const { source, navigation, closeArticle } = citation;
  return (
    <NavigationContext.Provider value={navigation}>
      <main className={source ? "call reading" : "call"}>
        <div className="help">
          {view.status.state !== "ended" && <NoteCards session={session} view={view} />}
          {view.call.handoverNote && view.status.state !== "ended" && <HandoverNote key={view.contactId} note={view.call.handoverNote} />}
          <Guidance session={session} view={view} cards={cards} showDetails={showDetails} onToggleDetails={onToggleDetails} />
          <Checklist items={view.call.checklist} />
        </div>
        <Transcript utterances={view.call.utterances} moments={view.call.moments} showDetails={showDetails} hasEnded={view.status.state === "ended"} handle={transcript} />
        {source && <Article key={`${source.article}/${source.quote}`} session={session} source={source} onClose={closeArticle} />}
        <QuestionField key={view.contactId} session={session} field={questionField} />
      </main>
    </NavigationContext.Provider>
  );
}
