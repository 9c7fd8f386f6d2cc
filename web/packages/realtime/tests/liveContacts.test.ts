import { GraphqlRefused, type LiveContact } from "@sotto/api";
import { TurnedClock, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { LiveContactsFeed, ranked } from "../src/liveContacts";

function anyLive(contactId: string, startedAtMs: number, ...riskAtMs: number[]): LiveContact {
  const riskMoments = riskAtMs.map((atMs) => ({ name: "cancel_risk", title: "May leave", atMs }));
  return { contactId, agent: "maria", team: "retention", queue: null, startedAtMs, riskCount: riskMoments.length, riskMoments };
}

let clock: TurnedClock;
let feed: LiveContactsFeed;
let answer: LiveContact[] | Error;
let requests: number;

beforeEach(() => {
  clock = new TurnedClock();
  answer = [];
  requests = 0;
  const request = () => {
    requests += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ liveContacts: answer });
  };
  feed = new LiveContactsFeed({ graphql: { request: request as never }, clock, random: () => 0.5 });
});

describe("the order of live calls", () => {
  it("is by the latest risk, then the longest call first", () => {
    const order = ranked([anyLive("young", 9_000), anyLive("old", 1_000), anyLive("early risk", 2_000, 500), anyLive("late risk", 1_500, 4_000, 100)]);
    expect(order.map((call) => call.contactId)).toEqual(["late risk", "early risk", "old", "young"]);
  });
});

describe("the list of live calls", () => {
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
