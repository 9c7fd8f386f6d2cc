import { type ReactNode, memo } from "react";
import { ConversationPage } from "../conversation/ConversationPage";
import { ConversationsPage } from "../conversations/ConversationsPage";
import { LiveCallsPage } from "../live/LiveCallsPage";
import type { Messages } from "../messages/en";
import { type Route, hrefOf } from "../routes/route";
import type { Started } from "../start";
import { NoPage } from "./NoPage";

/** What stands around a page. */
export interface Frame {
  readonly title: string;
  /** Where one comes from, from the outermost. */
  readonly parents: readonly { readonly text: string; readonly href: string }[];
  /** One table fills it. */
  readonly isTable: boolean;
}

type PageName = "live" | "conversations" | "conversation" | "none";

function pageOf({ path: [name = "live", id] }: Route): PageName {
  if (name === "live" && id === undefined) return "live";
  if (name === "conversations") return id === undefined ? "conversations" : "conversation";
  return "none";
}

export function frameOf(route: Route, t: Messages): Frame {
  switch (pageOf(route)) {
    case "live":
      return { title: t.liveCalls, parents: [], isTable: true };
    case "conversations":
      return { title: t.conversationsTitle, parents: [], isTable: true };
    case "conversation":
      return { title: t.conversation.title, parents: [{ text: t.conversationsTitle, href: hrefOf(["conversations"]) }], isTable: false };
    case "none":
      return { title: t.noPage, parents: [], isTable: false };
  }
}

interface Props {
  route: Route;
  started: Started;
}

/** The page that an address means. Drawn anew when the address changes, not with each change around it. */
export const PageContent = memo(function PageContent({ route, started }: Props): ReactNode {
  const id = route.path[1] ?? "";
  switch (pageOf(route)) {
    case "live":
      return <LiveCallsPage feed={started.liveContacts} route={route} />;
    case "conversations":
      return <ConversationsPage graphql={started.graphql} route={route} />;
    case "conversation":
      return <ConversationPage key={id} contactId={id} route={route} {...started} />;
    case "none":
      return <NoPage />;
  }
});
