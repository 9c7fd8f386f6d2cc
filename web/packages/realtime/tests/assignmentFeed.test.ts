import type { AssignmentsResult, Contact } from "@sotto/api";
import { TurnedClock, anyContact, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { AssignmentFeed } from "../src/assignmentFeed";
import type { Listener } from "../src/channel";

const chat = (contactId: string, mediaStartedAtMs: number, part: Partial<Contact> = {}) => anyContact({ contactId, mediaStartedAtMs, channel: "CHAT", ...part });
const call = (contactId: string, mediaStartedAtMs: number) => anyContact({ contactId, mediaStartedAtMs });

let line: Listener<AssignmentsResult>;
let mine: Contact[];
let inFront: string[];
let chats: string[];
let shared: number;

const assign = (contact: Contact, state: "ASSIGNED" | "RELEASED" | "SHARED" = "ASSIGNED") => line.onData({ onAssignment: { agent: "maria", state, contact } });

beforeEach(async () => {
  mine = [];
  inFront = [];
  chats = [];
  shared = 0;
  const realtime = { subscribe: (_: unknown, __: unknown, given: unknown) => ((line = given as typeof line), () => undefined) };
  const graphql = { request: () => Promise.resolve({ myContacts: mine }) as never };
  const feed = new AssignmentFeed("maria", { realtime, graphql, clock: new TurnedClock(), random: () => 0.5 }, (id) => inFront.push(id), () => undefined, (all) => (chats = all.map(({ contactId }) => contactId)), () => (shared += 1));
  feed.open();
  await settled();
});

describe("an agent with several contacts", () => {
  it("is not torn from a chat by another one, which waits in a tab", () => {
    assign(chat("first", 1_000));
    assign(chat("second", 2_000));
    expect(inFront).toEqual(["first"]);
    expect(chats).toEqual(["first", "second"]);
  });

  it("sees a call at once, and the next chat when the one before has ended", () => {
    assign(chat("first", 1_000));
    assign(call("heard", 2_000));
    expect(inFront).toEqual(["first", "heard"]);
    assign(chat("first", 1_000, { status: "ENDED" }));
    assign({ ...call("heard", 2_000), status: "ENDED" });
    assign(chat("second", 3_000));
    expect(inFront.at(-1)).toBe("second");
  });

  it("keeps no chat that another agent has now", () => {
    assign(chat("first", 1_000));
    assign(chat("first", 1_000), "RELEASED");
    expect(chats).toEqual([]);
  });

  it("asks for what a coach shared, also after the line was cut, and leaves its contacts as they are", () => {
    assign(chat("first", 1_000));
    assign({ ...call("past", 500), status: "ENDED" }, "SHARED");
    expect([shared, inFront, chats]).toEqual([1, ["first"], ["first"]]);
    assign(chat("first", 1_000), "SHARED");
    expect(chats).toEqual(["first"]);
    line.onStarted();
    expect(shared).toBe(3);
  });

  it("finds after a reload what it had, the newest in front", async () => {
    mine = [chat("first", 1_000), chat("second", 2_000)];
    line.onStarted();
    await settled();
    expect(inFront).toEqual(["second"]);
    expect([...chats].sort()).toEqual(["first", "second"]);
  });
});
