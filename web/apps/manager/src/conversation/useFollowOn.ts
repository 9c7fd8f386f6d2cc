import type { View } from "@sotto/call";
import { type LiveContactsFeed, nextOf } from "@sotto/realtime";
import { useEffect, useState } from "react";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";

/** A transfer is over, or the customer is gone, within this time. */
const GIVEN_UP_AFTER_MS = 120_000;

/** Who follows a conversation while it goes on sees its next contact too, where it is with one of their teams. */
export function useFollowOn(view: View, liveContacts: LiveContactsFeed): void {
  const [wasLive, setWasLive] = useState(false);
  const { state } = view.status;
  if (state === "live" && !wasLive) setWasLive(true);
  const followed = wasLive && state === "ended" ? view.call.contact : null;
  const contactId = followed?.contactId ?? null;
  const conversationId = followed?.conversationId ?? null;
  useEffect(() => {
    if (contactId === null || conversationId === null) return undefined;
    const look = () => {
      const { contacts, state } = liveContacts.snapshot();
      const next = state === "live" ? nextOf({ contactId, conversationId }, contacts) : null;
      if (next) go(hrefOf(["conversations", next.contactId]));
    };
    const unwatch = liveContacts.watch(look);
    liveContacts.open();
    const stop = setTimeout(() => liveContacts.close(), GIVEN_UP_AFTER_MS);
    return () => {
      clearTimeout(stop);
      unwatch();
      liveContacts.close();
    };
  }, [liveContacts, contactId, conversationId]);
}
