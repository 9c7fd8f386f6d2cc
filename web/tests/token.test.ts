import { expect, it } from "vitest";
import { GraphqlClient, GraphqlRefused, type Operation } from "../src/connection/graphql";
import { RefreshedToken, expiryOf } from "../src/connection/token";
import { ConfigMistake, configFrom } from "../src/host/config";
import { TurnedClock } from "./clock";

const jwt = (exp: number, name = "a"): string => `h.${btoa(JSON.stringify({ exp, name }))}.s`;
const page = new URL("https://panel.test/desk/?agent=maria");

it("a token is kept until shortly before it expires", async () => {
  const clock = new TurnedClock(0);
  let fetched = 0;
  const source = new RefreshedToken(() => Promise.resolve(jwt(++fetched * 600)), clock);
  expect(await source.current()).toBe(await source.current());
  await clock.turn(530_000);
  await source.current();
  expect(fetched).toBe(1);
  await clock.turn(20_000);
  await source.current();
  expect(fetched).toBe(2);
});

it("a token that many ask for at once is fetched once", async () => {
  let fetched = 0;
  const source = new RefreshedToken(() => Promise.resolve(jwt(++fetched + 1e9)), new TurnedClock(0));
  await Promise.all([source.current(), source.current(), source.current()]);
  expect(fetched).toBe(1);
});

it("a failed fetch is tried again by the next who asks", async () => {
  let isDown = true;
  const source = new RefreshedToken(() => (isDown ? Promise.reject(new Error("down")) : Promise.resolve(jwt(1e9))), new TurnedClock(0));
  await expect(source.current()).rejects.toThrow("down");
  isDown = false;
  await expect(source.current()).resolves.toContain("h.");
});

it("a token that does not say when it expires is taken to last", () => {
  expect([expiryOf("opaque"), expiryOf("a.b.c"), expiryOf(jwt(5))]).toEqual([Infinity, Infinity, 5000]);
});

const operation: Operation<{ x: number }, Record<string, never>> = { name: "X", text: "query X { x }", roots: [{ name: "a", field: "Query.a", arguments: {} }] };

function client(...answers: { status?: number; body: unknown }[]): { client: GraphqlClient; seen: string[] } {
  const seen: string[] = [];
  let tokens = 0;
  const token = { current: () => Promise.resolve(`t${tokens}`), expire: () => void (tokens += 1) };
  const fetch = (_: string, init: RequestInit): Promise<Response> => {
    seen.push((init.headers as Record<string, string>)["authorization"] ?? "");
    const answer = answers.shift() ?? { body: {} };
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 }));
  };
  return { client: new GraphqlClient("https://x.test/graphql", token, fetch), seen };
}

it("a refused token is renewed once and the question asked again", async () => {
  const { client: graphql, seen } = client({ status: 401, body: {} }, { body: { data: { x: 1 } } });
  expect(await graphql.ask(operation, {})).toEqual({ x: 1 });
  expect(seen).toEqual(["t0", "t1"]);
});

it("an error in a 200 is an error", async () => {
  const { client: graphql } = client({ body: { data: null, errors: [{ message: "no", errorType: "NotFound" }] } });
  await expect(graphql.ask(operation, {})).rejects.toEqual(new GraphqlRefused("no", "NotFound"));
});

it("a configuration may name addresses relative to the page, and the page another agent", () => {
  const config = configFrom({ graphqlUrl: "/graphql", realtimeUrl: "/graphql/realtime", tokenUrl: "token", agent: "otto", tenant: "bank" }, page);
  expect(config).toEqual({
    channel: "appsync",
    graphqlUrl: "https://panel.test/graphql",
    realtimeUrl: "wss://panel.test/graphql/realtime",
    tokenUrl: "https://panel.test/desk/token",
    agent: "maria",
    tenant: "bank",
  });
});

it.each([
  [null, "must be an object"],
  [{ graphqlUrl: "/g" }, "realtimeUrl is missing"],
  [{ graphqlUrl: "http://[", realtimeUrl: "/r", token: "t" }, "graphqlUrl is no address"],
  [{ graphqlUrl: "/g", realtimeUrl: "/r" }, "tokenUrl or token is missing"],
])("a mistake in the configuration names the field: %j", (content, words) => {
  expect(() => configFrom(content, page)).toThrow(ConfigMistake);
  expect(() => configFrom(content, page)).toThrow(words);
});

it("a configuration for the WebSocket channel needs its address and no other", () => {
  const page = new URL("https://panel.test/");
  expect(configFrom({ channel: "websocket", websocketUrl: "https://x.test/live", token: "t" }, page)).toEqual({
    channel: "websocket",
    websocketUrl: "wss://x.test/live",
    token: "t",
  });
  expect(() => configFrom({ channel: "websocket", graphqlUrl: "/graphql", realtimeUrl: "/r", token: "t" }, page)).toThrow("websocketUrl is missing");
  expect(() => configFrom({ channel: "pigeon", graphqlUrl: "/graphql", realtimeUrl: "/r", token: "t" }, page)).toThrow("appsync or websocket");
});
