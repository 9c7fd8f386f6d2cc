import { GraphqlRefused, type LiveContact } from "@sotto/api";
import { TurnedClock, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { LiveContactsFeed, nextOf, ranked } from "../src/liveContacts";

function anyLive(contactId: string, startedAtMs: number, ...riskAtMs: number[]): LiveContact {
  const riskMoments = riskAtMs.map((atMs) => ({ name: "cancel_risk", title: "May leave", atMs }));
  return { contactId, conversationId: contactId, agent: "maria", agentName: null, team: "retention", queue: null, startedAtMs, channel: "VOICE", riskCount: riskMoments.length, riskMoments, caller: null, reason: null, missedSteps: [], mood: null, lastWords: null };
}

let clock: TurnedClock;
let feed: LiveContactsFeed;
let answer: LiveContact[] | Error;
let requests: number;
let asked: unknown[];

beforeEach(() => {
  clock = new TurnedClock();
  answer = [];
  requests = 0;
  asked = [];
  const request = (_: unknown, given: unknown) => {
    requests += 1;
    asked.push(given);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ liveContacts: answer });
  };
  feed = new LiveContactsFeed({ graphql: { request: request as never }, clock, random: () => 0.5 });
});

describe("the order of live calls", () => {
  it("is by the latest risk, then the longest call first", () => {
    const order = ranked([anyLive("young", 9_000), anyLive("old", 1_000), anyLive("early risk", 2_000, 500), anyLive("late risk", 1_500, 4_000, 100)]);
    expect(order.map((call) => call.contactId)).toEqual(["late risk", "early risk", "old", "young"]);
  });

  it("has a call with a missed step before those without", () => {
    const missed = { ...anyLive("missed", 5_000), missedSteps: ["Say that the call is recorded"] };
    expect(ranked([anyLive("old", 1_000), missed, anyLive("risk", 9_000, 100)]).map((call) => call.contactId)).toEqual(["risk", "missed", "old"]);
  });
});

describe("the list of live calls", () => {
  it("asks for last words only when they are wanted, and then at once", async () => {
    feed.open();
    await settled();
    feed.want({ withLastWords: true });
    await settled();
    expect(asked).toEqual([{ withLastWords: false }, { withLastWords: true }]);
    feed.want({ withLastWords: true });
    feed.close();
    feed.want({ withLastWords: false });
    await clock.turn(20_000);
    expect(asked).toHaveLength(2);
  });

  it("is renewed every five seconds while it is open, and not after", async () => {
    feed.open();
    await settled();
    expect(feed.snapshot().state).toBe("live");
    answer = [anyLive("c-1", 1)];
    await clock.turn(5_000);
    expect(feed.snapshot().contacts).toEqual(answer);
    feed.close();
    await clock.turn(60_000);
    expect(requests).toBe(2);
    expect(clock.waiting).toBe(0);
  });

  it("stays when it cannot be renewed, says so, and is asked for less often", async () => {
    answer = [anyLive("c-1", 1)];
    feed.open();
    await settled();
    answer = new Error("offline");
    await clock.turn(5_000);
    expect(feed.snapshot()).toMatchObject({ state: "delayed", contacts: [{ contactId: "c-1" }] });
    await clock.turn(300_000);
    expect(requests).toBeLessThan(30);
    answer = [];
    await clock.turn(20_000);
    expect(feed.snapshot()).toMatchObject({ state: "live", contacts: [] });
  });

  it("is empty once the server refuses it", async () => {
    answer = [anyLive("c-1", 1)];
    feed.open();
    await settled();
    answer = new GraphqlRefused("role", "Unauthorized");
    await clock.turn(5_000);
    expect(feed.snapshot()).toMatchObject({ state: "refused", contacts: [] });
  });

  it("hears no answer that comes after it was closed", async () => {
    answer = [anyLive("c-1", 1)];
    feed.open();
    feed.close();
    await settled();
    expect(feed.snapshot().contacts).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe("a conversation that is transferred", () => {
  it("goes on in its latest other contact, whoever else is talking", () => {
    const first = anyLive("c-1", 1_000);
    const second = { ...anyLive("c-2", 2_000), conversationId: "c-1" };
    const third = { ...anyLive("c-3", 3_000), conversationId: "c-1" };
    const other = anyLive("c-4", 4_000);
    expect(nextOf(first, [first, other])).toBeNull();
    expect(nextOf(first, [first, second, other])?.contactId).toBe("c-2");
    expect(nextOf(second, [third, second, other])?.contactId).toBe("c-3");
  });
});
