import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Contact, SharedMomentsOf, type TokenSource } from "@sotto/api";
import type { CallState } from "@sotto/call";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useEffect, useState } from "react";
import { useMinute } from "../home/useMinute";
import { useWording } from "../messages";
import { useRole } from "../shell/useRole";
import { useAnswer } from "../table/useAnswer";
import { ShareForm } from "./ShareForm";
import { SharedList } from "./SharedList";

/** By the table of roles; the server judges anew. */
const SHARERS: readonly (string | null)[] = ["supervisor", "coach", "quality"];

interface Props {
  graphql: Requests;
  token: TokenSource;
  contact: Contact;
  call: CallState;
  cited: string | null;
}

/** What is shared of a call with its agent: for coaches a new one and what became of others, for the agent what was shared. */
export function SharePanel({ graphql, token, contact, call, cited }: Props) {
  const { t } = useWording();
  const shares = SHARERS.includes(useRole(token));
  const [answer, again] = useAnswer(graphql, SharedMomentsOf, { contactId: contact.contactId });
  const minute = useMinute();
  const [openedAt] = useState(minute);
  useEffect(() => {
    if (minute !== openedAt) again();
  }, [again, minute, openedAt]);
  const moments = answer.state === "loaded" ? answer.data.sharedMomentsOf : [];
  if (!shares && moments.length === 0) return null;
  const name = contact.agentName ?? contact.agent ?? t.agent;
  return (
    <div data-sharing={answer.state}>
      <Container header={<Header variant="h2" counter={moments.length > 0 ? `(${moments.length})` : ""}>{fill(shares ? t.sharing.title : t.sharing.yours, { name })}</Header>}>
        <SpaceBetween size="m">
          {shares && contact.agent !== null && <ShareForm graphql={graphql} contactId={contact.contactId} call={call} cited={cited} onShared={again} />}
          {answer.state === "failed" && <p className="quiet">{t.conversations.failedText}</p>}
          <SharedList moments={moments} />
        </SpaceBetween>
      </Container>
    </div>
  );
}
