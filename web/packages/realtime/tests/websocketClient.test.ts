/** What only the WebSocket channel does: questions over the socket, long frames in parts, and its planned changes. */
import { Acknowledge, GraphqlRefused, Missed, type MissedResult, type Operation } from "@sotto/api";
import { TurnedClock, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LinkState } from "../src/channel";
import { WebSocketClient } from "../src/websocketClient";
import { Frames } from "../src/websocketMessages";
import { ApiGatewaySocket } from "./apiGatewaySocket";

const HOUR = 3_600_000;
const ticks: Operation<{ tick: number }, { of: string }> = {
  name: "Ticks",
  text: "",
  fields: [{ name: "tick", field: "Subscription.tick", arguments: { of: "of" } }],
};
const missed = { contactId: "c-1", afterUtterance: 3, afterAnnotation: 0, limit: 200 };

let clock: TurnedClock;
let sockets: ApiGatewaySocket[];
let client: WebSocketClient;
let states: LinkState[];
let issued: number;
let token: string | null;
let lifetimeMs: number;

const tokenUntil = (expMs: number): string => `h.${btoa(JSON.stringify({ exp: expMs / 1000, n: ++issued }))}.s`;

beforeEach(async () => {
  clock = new TurnedClock();
  sockets = [];
  states = [];
  issued = 0;
  token = null;
  lifetimeMs = 24 * HOUR;
  client = new WebSocketClient({
    url: "wss://example.test/live",
    token: { current: () => Promise.resolve((token ??= tokenUntil(clock.now() + lifetimeMs))), expire: () => void (token = null) },
    clock,
    random: () => 0.5,
    openSocket: (url, protocols) => {
      sockets.push(new ApiGatewaySocket(url, protocols));
      return last();
    },
  });
  client.realtime.watch((state) => states.push(state));
  client.realtime.start();
  await settled();
});

const last = (): ApiGatewaySocket => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

const first = (): ApiGatewaySocket => {
  const [socket] = sockets;
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

const listener = () => ({ onStarted: vi.fn(), onData: vi.fn(), onRefused: vi.fn() });

/** What became of a question, without waiting for it. */
function fateOf(question: Promise<unknown>): { answer?: unknown; error?: unknown } {
  const fate: { answer?: unknown; error?: unknown } = {};
  question.then(
    (answer) => (fate.answer = answer),
    (error: unknown) => (fate.error = error),
  );
  return fate;
}

describe("the connection", () => {
  it("carries the token in a subprotocol, where no log keeps it", () => {
    expect(last().protocols).toEqual(["sotto", `token.${token ?? ""}`]);
    expect(last().url).toBe("wss://example.test/live");
  });

  it("that never opens asks for another token", async () => {
    last().break();
    await clock.turn(250);
    expect(issued).toBe(2);
  });

  it("that breaks after it was open does not", async () => {
    last().accept();
    last().break();
    await clock.turn(250);
    expect(issued).toBe(1);
  });

  it("is kept alive while nobody says anything", async () => {
    last().accept();
    for (let minutes = 0; minutes < 30; minutes += 2) {
      await clock.turn(120_000);
      last().say({ type: "pong" });
    }
    expect(last().of("ping").length).toBeGreaterThanOrEqual(14);
    expect(sockets).toHaveLength(1);
  });

  it("is given up when a ping is not answered", async () => {
    last().accept();
    await clock.turn(131_000);
    expect(sockets).toHaveLength(2);
    expect(first().isClosed).toBe(true);
  });

  it("is looked after when a question is not answered, and given up if nothing is", async () => {
    last().accept();
    const fate = fateOf(client.request(Missed, missed));
    await clock.turn(11_000);
    expect(fate.error).toBeInstanceOf(Error);
    expect(last().of("ping")).toHaveLength(1);
    await clock.turn(10_000);
    expect(sockets).toHaveLength(2);
  });

  it("is given up as soon when one question follows the other", async () => {
    last().accept();
    for (let second = 0; second < 21; second += 3) {
      void client.request(Missed, missed).catch(() => undefined);
      await clock.turn(3_000);
    }
    expect(sockets).toHaveLength(2);
  });

  it("stays when a question takes too long and the server is there", async () => {
    last().accept();
    void client.request(Missed, missed).catch(() => undefined);
    await clock.turn(11_000);
    last().say({ type: "pong" });
    await clock.turn(60_000);
    expect(sockets).toHaveLength(1);
  });
});

describe("a question", () => {
  it("asks for each field of the operation, with its arguments", () => {
    last().accept();
    void client.request(Missed, missed).catch(() => undefined);
    const sent = last().sent.at(-1);
    expect(sent?.action).toBe("ask");
    expect(sent?.fields?.["utterances"]).toEqual({ field: "Query.utterances", arguments: { contactId: "c-1", afterSeq: 3, limit: 200 } });
    expect(sent?.fields?.["annotations"]?.arguments["afterSeq"]).toBe(0);
    expect(Object.keys(sent?.fields ?? {})).toEqual(["contact", "checklist", "feedback", "handoverNote", "notes", "summary", "afterCall", "utterances", "annotations"]);
  });

  it("is answered by name", async () => {
    last().accept();
    const answer: MissedResult = { contact: null, checklist: [], feedback: [], handoverNote: null, notes: [], summary: null, afterCall: null, utterances: [], annotations: [] };
    const fate = fateOf(client.request(Missed, missed));
    last().say({ type: "answer", id: last().of("ask")[0], data: answer });
    await settled();
    expect(fate.answer).toEqual(answer);
  });

  it("that is refused says why", async () => {
    last().accept();
    const fate = fateOf(client.request(Acknowledge, { contactId: "c-1", annotationId: "a" }));
    last().say({ type: "error", id: last().of("ask")[0], error: { type: "NotFound", message: "no such annotation" } });
    await settled();
    expect(fate.error).toBeInstanceOf(GraphqlRefused);
    expect((fate.error as GraphqlRefused).kind).toBe("NotFound");
  });

  it("waits for a connection that is on its way", () => {
    void client.request(Missed, missed).catch(() => undefined);
    expect(last().sent).toEqual([]);
    last().accept();
    expect(last().of("ask")).toHaveLength(1);
  });

  it("whose connection breaks is the asker's to repeat", async () => {
    last().accept();
    const fate = fateOf(client.request(Acknowledge, { contactId: "c-1", annotationId: "a" }));
    last().break();
    await clock.turn(250);
    last().accept();
    expect(fate.error).toBeInstanceOf(Error);
    expect(last().of("ask")).toEqual([]);
  });

  it("that finds the token run out is asked once more with a new one", async () => {
    last().accept();
    const fate = fateOf(client.request(Missed, missed));
    const id = last().of("ask")[0] ?? "";
    last().tokenExpired(id);
    await clock.turn(250);
    last().accept();
    expect([issued, last().of("ask")]).toEqual([2, [id]]);
    last().tokenExpired(id);
    await settled();
    expect(fate.error).toBeInstanceOf(GraphqlRefused);
  });
});

describe("before the connection ends by itself", () => {
  it("the next is opened beside it and takes over without a gap", async () => {
    const a = listener();
    client.realtime.subscribe(ticks, { of: "a" }, a);
    last().accept();
    last().acceptSubscriptions();
    await quietUntil(110 * 60_000);
    expect(sockets).toHaveLength(2);
    first().data("1", { tick: 1 });
    last().accept();
    first().data("1", { tick: 2 });
    last().acceptSubscriptions();
    last().data("1", { tick: 3 });
    expect(a.onData.mock.calls.map(([data]) => data as { tick: number })).toEqual([{ tick: 1 }, { tick: 2 }, { tick: 3 }]);
    expect(a.onStarted).toHaveBeenCalledTimes(2);
    await clock.turn(3_000);
    expect([first().isClosed, last().isClosed]).toEqual([true, false]);
    expect(new Set(states.slice(states.indexOf("open")))).toEqual(new Set(["open"]));
  });

  it("the old one goes on where the next cannot be opened, and it is tried again", async () => {
    const a = listener();
    client.realtime.subscribe(ticks, { of: "a" }, a);
    last().accept();
    last().acceptSubscriptions();
    await quietUntil(110 * 60_000);
    last().break();
    await clock.turn(1_000);
    expect(sockets.length).toBeGreaterThan(2);
    first().data("1", { tick: 1 });
    expect(a.onData).toHaveBeenCalledOnce();
    expect(states.at(-1)).toBe("open");
  });

  async function quietUntil(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 60_000) {
      await clock.turn(60_000);
      first().say({ type: "pong" });
    }
  }
});

it("a token that ends sooner is replaced in time, on a new connection", async () => {
  client.realtime.stop();
  lifetimeMs = 15 * 60_000;
  token = null;
  client.realtime.start();
  await settled();
  last().accept();
  const before = sockets.length;
  const answered = (): void => last().say({ type: "pong" });
  for (let minute = 0; minute < 13; minute += 1) {
    await clock.turn(60_000);
    answered();
  }
  expect(sockets).toHaveLength(before);
  token = null;
  await clock.turn(65_000);
  expect(sockets).toHaveLength(before + 1);
  expect(issued).toBe(3);
});

describe("a long frame", () => {
  const parts = (of: string): object[] => ['{"type":"po', 'ng"}'].map((text, at) => ({ type: "part", of, at, count: 2, text }));

  it("is put together from its parts, in any order and among others", () => {
    const frames = new Frames();
    const [a0, a1] = parts("a");
    const [b0, b1] = parts("b");
    const taken = [a1, b0, a0, { type: "pong" }, b1].map((part) => frames.take(JSON.stringify(part))?.type ?? null);
    expect(taken).toEqual([null, null, "pong", "pong", "pong"]);
  });

  it("whose rest never comes is forgotten in time", () => {
    const frames = new Frames();
    const [head, rest] = parts("lost");
    frames.take(JSON.stringify(head));
    for (let other = 0; other < 16; other += 1) frames.take(JSON.stringify(parts(String(other))[0]));
    expect(frames.take(JSON.stringify(rest))).toBeNull();
    expect(frames.take(JSON.stringify(parts("15")[1]))).toEqual({ type: "pong" });
  });
});
