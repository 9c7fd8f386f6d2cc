import { type LiveContactsFeed, nextOf } from "@sotto/realtime";
import { useEffect } from "react";
import type { Session, View } from "@sotto/call";

/** A transfer is over, or the customer is gone, within this time. */
const GIVEN_UP_AFTER_MS = 120_000;

/** A supervisor who follows a conversation sees its next contact too, where it is with one of their teams. */
export function useFollowOn(session: Session, view: View, liveContacts: LiveContactsFeed | null): void {
  const followed = view.status.state === "ended" ? view.call.contact : null;
  const contactId = followed?.contactId ?? null;
  const conversationId = followed?.conversationId ?? null;
  useEffect(() => {
    if (liveContacts === null || contactId === null || conversationId === null) return undefined;
    const look = () => {
      const { contacts, state } = liveContacts.snapshot();
      const next = state === "live" ? nextOf({ contactId, conversationId }, contacts) : null;
      if (next) session.follow(next.contactId);
    };
    const unwatch = liveContacts.watch(look);
    liveContacts.open();
    const stop = setTimeout(() => liveContacts.close(), GIVEN_UP_AFTER_MS);
    return () => {
      clearTimeout(stop);
      unwatch();
      liveContacts.close();
    };
  }, [session, liveContacts, contactId, conversationId]);
}
