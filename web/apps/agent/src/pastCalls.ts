import { type Contact, type Fetch, MyLastContacts } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

/** The calls that the agent had last: what a reload, or the next call, takes from the screen is still there. */
export interface PastCalls {
  /** The latest first. */
  readonly last: () => Promise<readonly Contact[]>;
  /** Has the sample calls played again, where the panel is a demonstration. */
  readonly playAgain: (() => Promise<void>) | null;
}

export function pastCalls(graphql: Requests, playAgainUrl: string | undefined, fetch: Fetch): PastCalls {
  return {
    last: async () => (await graphql.request(MyLastContacts, {})).myLastContacts,
    playAgain: playAgainUrl === undefined ? null : () => asked(fetch(playAgainUrl, { method: "POST" })),
  };
}

async function asked(answer: Promise<Response>): Promise<void> {
  const { ok, status } = await answer;
  if (!ok) throw new Error(`the server answered ${String(status)}`);
}
