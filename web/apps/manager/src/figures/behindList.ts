import { ConversationsBehind, type ConversationsBehindResult, type FigureFormInput } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { PagedList } from "../table/pagedList";

export type BehindRow = ConversationsBehindResult["conversationsBehind"]["conversations"][number];

const AT_ONCE = 10;

/** The conversations behind a figure. */
export const behindList = (graphql: Requests, form: FigureFormInput) =>
  new PagedList<BehindRow>(async (after) => {
    const { conversationsBehind } = await graphql.request(ConversationsBehind, { form, first: AT_ONCE, after });
    return { rows: conversationsBehind.conversations, cursor: conversationsBehind.cursor };
  });
