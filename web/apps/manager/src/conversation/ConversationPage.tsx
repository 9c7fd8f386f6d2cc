import ContentLayout from "@cloudscape-design/components/content-layout";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TokenSource } from "@sotto/api";
import type { Session } from "@sotto/call";
import type { LiveContactsFeed, Requests } from "@sotto/realtime";
import { useEffect, useSyncExternalStore } from "react";
import { NoRecording } from "../recording/NoRecording";
import { useCallAudio } from "../recording/useCallAudio";
import type { Route } from "../routes/route";
import { AuditPanel } from "../audit/AuditPanel";
import { SharePanel } from "../sharing/SharePanel";
import { AskPanel } from "./AskPanel";
import { CallHeader } from "./CallHeader";
import { CallTimeline } from "./CallTimeline";
import { ChecklistPanel } from "./ChecklistPanel";
import "./ConversationPage.css";
import { GuidancePanel } from "./GuidancePanel";
import { HandoverPanel } from "./HandoverPanel";
import { KeyFacts } from "./KeyFacts";
import { NoConversation } from "./NoConversation";
import { NoteToAgent } from "./NoteToAgent";
import { OutcomePanel } from "./OutcomePanel";
import { ServiceNotice } from "./ServiceNotice";
import { SummaryPanel } from "./SummaryPanel";
import { TranscriptPanel } from "./TranscriptPanel";
import { useCited } from "./useCited";
import { useFollowOn } from "./useFollowOn";

interface Props {
  contactId: string;
  route: Route;
  session: Session;
  liveContacts: LiveContactsFeed;
  graphql: Requests;
  token: TokenSource;
}

/** One conversation, while it goes on and afterwards: what was said, noticed, shown, done and made of it. */
export function ConversationPage({ contactId, route, session, liveContacts, graphql, token }: Props) {
  const view = useSyncExternalStore(session.watch, session.snapshot);
  useEffect(() => {
    session.follow(contactId);
    return () => session.follow(null);
  }, [session, contactId]);
  useFollowOn(view, liveContacts);
  const { call } = view;
  const isOver = call.contact?.status === "ENDED";
  const isChat = call.contact?.channel === "CHAT";
  const audio = useCallAudio(graphql, { contactId, isOver: isOver && !isChat && view.contactId === contactId, version: call.afterCall?.version ?? 0, utterances: call.utterances });
  const cited = useCited(route.query.get("at"), call.utterances, audio.player);
  const trail = <AuditPanel graphql={graphql} token={token} contactId={contactId} />;
  if (view.contactId !== contactId || call.contact === null) {
    // Who may read the trail and not the call, or of a call that is gone, reads the trail.
    return (
      <SpaceBetween size="l">
        <NoConversation view={view} />
        {trail}
      </SpaceBetween>
    );
  }
  const isLive = !isOver;
  return (
    <ContentLayout header={<CallHeader view={view} contact={call.contact} />}>
      <div className="conversation" data-conversation={view.status.state}>
        <SpaceBetween size="l">
          <ServiceNotice status={view.status} />
          <CallTimeline call={call} contactId={contactId} cited={cited} audio={audio} absence={<NoRecording known={audio.known} isChat={isChat} onRetry={audio.again} />} />
          <TranscriptPanel call={call} contactId={contactId} cited={cited} isLive={isLive} player={audio.player} />
        </SpaceBetween>
        <SpaceBetween size="l">
          {isLive && <NoteToAgent session={session} view={view} contact={call.contact} />}
          {!isLive && <SummaryPanel call={call} contactId={contactId} />}
          {!isLive && <SharePanel graphql={graphql} token={token} contact={call.contact} call={call} cited={cited} />}
          {call.afterCall && <OutcomePanel work={call.afterCall} contactId={contactId} utterances={call.utterances} />}
          <GuidancePanel call={call} contactId={contactId} now={view.now} isLive={isLive} />
          <ChecklistPanel call={call} contactId={contactId} />
          {call.handoverNote && <HandoverPanel note={call.handoverNote} />}
          <AskPanel key={contactId} session={session} contactId={contactId} />
          <KeyFacts view={view} contact={call.contact} />
          {trail}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
