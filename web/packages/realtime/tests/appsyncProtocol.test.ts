import { TurnedClock, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppSyncProtocol } from "../src/appsyncProtocol";
import type { LinkState } from "../src/channel";
import { Link } from "../src/link";
import { AppSyncSocket } from "./appsyncSocket";
import { ticks } from "./ticks";

let clock: TurnedClock;
let sockets: AppSyncSocket[];
let tokens: string[];
let client: Link;
let states: LinkState[];

beforeEach(async () => {
  clock = new TurnedClock();
  sockets = [];
  tokens = ["first"];
  states = [];
  const token = { current: () => Promise.resolve(tokens.at(-1) ?? ""), expire: () => void tokens.push("second") };
  const ports = {
    url: "wss://example.test/graphql/realtime",
    token,
    clock,
    random: () => 0.5,
    openSocket: (url: string, protocols: string[]) => {
      sockets.push(new AppSyncSocket(url, protocols));
      return last();
    },
  };
  client = new Link(ports, new AppSyncProtocol("example.test", token));
  client.watch((state) => states.push(state));
  client.start();
  await settled();
});

const last = (): AppSyncSocket => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

const accept = async (timeoutMs?: number): Promise<void> => {
  last().accept(timeoutMs);
  await settled();
};

const listener = () => ({ onStarted: vi.fn(), onData: vi.fn(), onRefused: vi.fn() });

describe("a connection", () => {
  it("carries its authorisation in the subprotocol, where no log keeps it", () => {
    const [protocol, header] = last().protocols;
    expect(protocol).toBe("graphql-ws");
    expect(last().url).not.toContain("header");
    const text = atob((header ?? "").slice("header-".length).replace(/-/g, "+").replace(/_/g, "/"));
    expect(JSON.parse(text)).toEqual({ host: "example.test", Authorization: "first" });
  });

  it("greets first and subscribes only once it is acknowledged", async () => {
    client.subscribe(ticks, { of: "a" }, listener());
    last().onopen?.(null);
    expect(last().sent.map((message) => message.type)).toEqual(["connection_init"]);
    last().say({ type: "connection_ack" });
    await settled();
    expect(last().sent.map((message) => message.type)).toEqual(["connection_init", "start"]);
    expect(JSON.parse(last().sent[1]?.payload?.data ?? "")).toEqual({ query: ticks.text, variables: { of: "a" } });
  });
});

describe("authorisation", () => {
  it("is renewed when the server refuses the connection", async () => {
    last().say({ type: "connection_error", payload: { errors: [{ errorType: "UnauthorizedException", errorCode: 401 }] } });
    await clock.turn(250);
    expect(tokens.at(-1)).toBe("second");
    expect(sockets).toHaveLength(2);
  });
});

describe("a silent server", () => {
  it("is noticed by its silence when the keep-alive stays away", async () => {
    await accept(60_000);
    await clock.turn(59_000);
    last().say({ type: "ka" });
    await clock.turn(59_000);
    expect(sockets).toHaveLength(1);
    await clock.turn(2_000);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.isClosed).toBe(true);
  });

  it("is given up when the server never acknowledges", async () => {
    last().onopen?.(null);
    await clock.turn(11_000);
    expect(sockets).toHaveLength(2);
  });
});
