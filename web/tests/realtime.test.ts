import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Operation } from "../src/connection/graphql";
import { type LinkState, RealtimeClient } from "../src/connection/realtime";
import { TurnedClock, settled } from "./clock";
import { TestSocket } from "./socket";

const ticks: Operation<{ tick: number }, { of: string }> = { name: "Ticks", text: "subscription Ticks($of: ID!) { tick(of: $of) }" };

let clock: TurnedClock;
let sockets: TestSocket[];
let tokens: string[];
let client: RealtimeClient;
let states: LinkState[];

beforeEach(async () => {
  clock = new TurnedClock();
  sockets = [];
  tokens = ["first"];
  states = [];
  client = new RealtimeClient({
    url: "wss://example.test/graphql/realtime",
    host: "example.test",
    token: { current: () => Promise.resolve(tokens.at(-1) ?? ""), expire: () => void tokens.push("second") },
    clock,
    random: () => 0.5,
    openSocket: (url, protocols) => {
      sockets.push(new TestSocket(url, protocols));
      return last();
    },
  });
  client.watch((state) => states.push(state));
  client.start();
  await settled();
});

const last = (): TestSocket => {
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
    const [dialect, header] = last().protocols;
    expect(dialect).toBe("graphql-ws");
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

  it("delivers data to the subscription that it belongs to", async () => {
    const [a, b] = [listener(), listener()];
    client.subscribe(ticks, { of: "a" }, a);
    client.subscribe(ticks, { of: "b" }, b);
    await accept();
    last().acceptSubscriptions();
    last().data("2", { tick: 7 });
    expect(a.onStarted).toHaveBeenCalledOnce();
    expect(b.onData).toHaveBeenCalledWith({ tick: 7 });
    expect(a.onData).not.toHaveBeenCalled();
  });

  it("is not disturbed by messages that make no sense", async () => {
    const a = listener();
    client.subscribe(ticks, { of: "a" }, a);
    await accept();
    for (const nonsense of ["{", "null", "7", '{"type":"later"}', '{"type":"data","id":"99","payload":{"data":{}}}']) last().say(nonsense);
    last().data("1", { tick: 1 });
    expect(a.onData).toHaveBeenCalledOnce();
  });
});

describe("a connection that breaks", () => {
  it("comes back after a wait and starts every subscription anew", async () => {
    const a = listener();
    client.subscribe(ticks, { of: "a" }, a);
    await accept();
    last().acceptSubscriptions();
    last().break();
    expect(states.at(-1)).toBe("waiting");
    await clock.turn(250);
    expect(sockets).toHaveLength(2);
    await accept();
    last().acceptSubscriptions();
    expect(a.onStarted).toHaveBeenCalledTimes(2);
  });

  it("waits longer each time, and never longer than twenty seconds", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const before = sockets.length;
      const since = clock.now();
      last().break();
      while (sockets.length === before) await clock.turn(50);
      waits.push(clock.now() - since);
    }
    expect(waits[0]).toBeLessThanOrEqual(250);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
  });

  it("does not storm a server that accepts and drops at once", async () => {
    for (let round = 0; round < 6; round += 1) {
      await accept();
      last().break();
      const before = sockets.length;
      while (sockets.length === before) await clock.turn(50);
    }
    expect(clock.now()).toBeGreaterThan(1_000_000 + 5_000);
  });

  it("starts the count anew after a connection that lasted", async () => {
    for (let round = 0; round < 6; round += 1) {
      last().break();
      await clock.turn(20_000);
    }
    await accept();
    await clock.turn(60_000);
    const before = sockets.length;
    last().break();
    await clock.turn(250);
    expect(sockets).toHaveLength(before + 1);
  });

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

  it("is given up when a subscription is never acknowledged", async () => {
    client.subscribe(ticks, { of: "a" }, listener());
    await accept();
    await clock.turn(11_000);
    expect(sockets).toHaveLength(2);
  });

  it("comes back at once when the network does", async () => {
    for (let round = 0; round < 8; round += 1) {
      last().break();
      await clock.turn(20_000);
    }
    const before = sockets.length;
    last().break();
    client.wake();
    await settled();
    expect(sockets).toHaveLength(before + 1);
    await clock.turn(9_000);
    expect(sockets).toHaveLength(before + 1);
  });

  it("hears nothing more from the socket that it left", async () => {
    const a = listener();
    client.subscribe(ticks, { of: "a" }, a);
    await accept();
    const old = last();
    old.break();
    await clock.turn(250);
    old.data("1", { tick: 1 });
    expect(a.onData).not.toHaveBeenCalled();
  });
});

describe("authorisation", () => {
  it("is renewed when the server refuses the connection", async () => {
    last().say({ type: "connection_error", payload: { errors: [{ errorType: "UnauthorizedException", errorCode: 401 }] } });
    await clock.turn(250);
    expect(tokens.at(-1)).toBe("second");
    expect(sockets).toHaveLength(2);
  });

  it("is renewed when a token ran out before a subscription was asked for", async () => {
    const a = listener();
    client.subscribe(ticks, { of: "a" }, a);
    await accept();
    last().say({ id: "1", type: "error", payload: { errors: [{ errorType: "UnauthorizedException", message: "Token has expired." }] } });
    await clock.turn(250);
    await accept();
    expect(a.onRefused).not.toHaveBeenCalled();
    expect(last().sent.at(-1)?.payload?.extensions.authorization.Authorization).toBe("second");
  });

  it("a subscription that the server refuses is not asked for again", async () => {
    const a = listener();
    client.subscribe(ticks, { of: "foreign" }, a);
    await accept();
    last().say({ id: "1", type: "error", payload: { errors: [{ errorType: "Unauthorized", message: "not yours" }] } });
    expect(a.onRefused).toHaveBeenCalledWith("not yours");
    last().break();
    await clock.turn(250);
    await accept();
    expect(last().asked()).toEqual([]);
  });
});

describe("stopping", () => {
  it("leaves no timer and no socket behind", async () => {
    client.subscribe(ticks, { of: "a" }, listener());
    await accept();
    client.stop();
    await clock.turn(1_000_000);
    expect(clock.waiting).toBe(0);
    expect(sockets).toHaveLength(1);
    expect(last().isClosed).toBe(true);
  });

  it("a subscription tells the server and hears nothing more", async () => {
    const a = listener();
    const unsubscribe = client.subscribe(ticks, { of: "a" }, a);
    await accept();
    last().acceptSubscriptions();
    unsubscribe();
    last().data("1", { tick: 1 });
    expect(last().sent.at(-1)).toEqual({ id: "1", type: "stop" });
    expect(a.onData).not.toHaveBeenCalled();
  });
});
