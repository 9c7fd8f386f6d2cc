import { expect, it } from "vitest";
import { pastCalls } from "../src/pastCalls";
import { configFrom } from "@sotto/client";

const calls = [{ contactId: "c2" }, { contactId: "c1" }];
const graphql = { request: () => Promise.resolve({ myLastContacts: calls }) } as never;

it("the agent's last calls come as the server orders them", async () => {
  const past = pastCalls(graphql, undefined, () => Promise.reject(new Error("nothing to fetch")));
  expect((await past.last()).map((call) => call.contactId)).toEqual(["c2", "c1"]);
  expect(past.playAgain).toBeNull();
});

it("a demonstration's calls are played again by a POST to the address in the configuration", async () => {
  const asked: unknown[] = [];
  const config = configFrom({ graphqlUrl: "/g", realtimeUrl: "/r", token: "t", playAgainUrl: "/again" }, new URL("https://panel.test/"));
  const past = pastCalls(graphql, config.playAgainUrl, (url, init) => {
    asked.push([url, init.method]);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  await past.playAgain?.();
  expect(asked).toEqual([["https://panel.test/again", "POST"]]);
});
