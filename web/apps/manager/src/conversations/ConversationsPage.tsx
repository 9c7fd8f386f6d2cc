import type { Requests } from "@sotto/realtime";
import { useMemo } from "react";
import type { Route } from "../routes/route";
import { ConversationTable } from "./ConversationTable";
import { conversationViewOf } from "./conversationView";
import { FoundMoments } from "./FoundMoments";

/** All conversations that the user may see: their list, or, with words, the moments in which they were said or meant. */
export function ConversationsPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const view = useMemo(() => conversationViewOf(route.query), [route]);
  return view.words === "" ? <ConversationTable graphql={graphql} route={route} view={view} /> : <FoundMoments graphql={graphql} route={route} view={view} />;
}
