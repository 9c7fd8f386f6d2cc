import type { ReactNode } from "react";
import { ConversationPage } from "../conversation/ConversationPage";
import { ConversationsPage } from "../conversations/ConversationsPage";
import { LiveCallsPage } from "../live/LiveCallsPage";
import type { Messages } from "../messages/en";
import { type Route, hrefOf } from "../routes/route";
import type { Started } from "../start";
import { NoPage } from "./NoPage";

export interface Page {
  readonly title: string;
  readonly content: ReactNode;
  /** Where one comes from, from the outermost. */
  readonly parents: readonly { readonly text: string; readonly href: string }[];
  /** One table fills it. */
  readonly isTable: boolean;
}

/** Which page an address means. */
export function pageOf(route: Route, started: Started, t: Messages): Page {
  const [name = "live", id] = route.path;
  const whole = { parents: [], isTable: true };
  if (name === "live" && id === undefined) return { ...whole, title: t.liveCalls, content: <LiveCallsPage feed={started.liveContacts} route={route} /> };
  if (name === "conversations" && id === undefined) return { ...whole, title: t.conversationsTitle, content: <ConversationsPage graphql={started.graphql} route={route} /> };
  if (name === "conversations" && id !== undefined) return conversation(id, route, started, t);
  return { title: t.noPage, content: <NoPage />, parents: [], isTable: false };
}

function conversation(id: string, route: Route, started: Started, t: Messages): Page {
  const parents = [{ text: t.conversationsTitle, href: hrefOf(["conversations"]) }];
  return { title: t.conversation.title, content: <ConversationPage key={id} contactId={id} route={route} {...started} />, parents, isTable: false };
}
