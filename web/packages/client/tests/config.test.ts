import { expect, it } from "vitest";
import { ConfigMistake, configFrom } from "../src/config";

const page = new URL("https://panel.test/desk/?agent=maria");

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
