import { ConversationPage } from "../conversation/ConversationPage";
import { hrefOf } from "../routes/route";
import type { Page } from "../shell/page";
import { ConversationsPage } from "./ConversationsPage";

export const page: Page = {
  name: "conversations",
  entry: { order: 30, text: (t) => t.conversationsTitle },
  frameOf: ([id, ...more], t) => {
    if (more.length > 0) return null;
    if (id === undefined) return { title: t.conversationsTitle, parents: [], isTable: true };
    return { title: t.conversation.title, parents: [{ text: t.conversationsTitle, href: hrefOf(["conversations"]) }], isTable: false };
  },
  content: ({ rest: [id], started, route }) =>
    id === undefined ? <ConversationsPage graphql={started.graphql} route={route} /> : <ConversationPage key={id} contactId={id} route={route} {...started} />,
};
