import { beforeEach, describe, expect, it } from "vitest";
import { GraphqlRefused, type LiveCall } from "@sotto/api";
import { LiveCalls, ranked } from "../src/liveCalls";
import { TurnedClock, settled } from "@sotto/realtime/testing";

function anyLive(contactId: string, startedAtMs: number, ...riskAtMs: number[]): LiveCall {
  const riskMoments = riskAtMs.map((atMs) => ({ name: "cancel_risk", title: "May leave", atMs }));
  return { contactId, agent: "maria", team: "retention", queue: null, startedAtMs, riskCount: riskMoments.length, riskMoments };
}

let clock: TurnedClock;
let calls: LiveCalls;
let answer: LiveCall[] | Error;
let asked: number;

beforeEach(() => {
  clock = new TurnedClock();
  answer = [];
  asked = 0;
  const ask = () => {
    asked += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ liveContacts: answer });
  };
  calls = new LiveCalls({ graphql: { ask: ask as never }, clock, random: () => 0.5 });
});

describe("the order of live calls", () => {
  it("is by the latest risk, then the longest call first", () => {
    const order = ranked([anyLive("young", 9_000), anyLive("old", 1_000), anyLive("early risk", 2_000, 500), anyLive("late risk", 1_500, 4_000, 100)]);
    expect(order.map((call) => call.contactId)).toEqual(["late risk", "early risk", "old", "young"]);
  });
});

describe("the list of live calls", () => {
  it("is renewed every five seconds while it is open, and not after", async () => {
    calls.open();
    await settled();
    expect(calls.snapshot().state).toBe("live");
    answer = [anyLive("c-1", 1)];
    await clock.turn(5_000);
    expect(calls.snapshot().calls).toEqual(answer);
    calls.close();
    await clock.turn(60_000);
    expect(asked).toBe(2);
    expect(clock.waiting).toBe(0);
  });

  it("stays when it cannot be renewed, says so, and is asked for less often", async () => {
    answer = [anyLive("c-1", 1)];
    calls.open();
    await settled();
    answer = new Error("offline");
    await clock.turn(5_000);
    expect(calls.snapshot()).toMatchObject({ state: "delayed", calls: [{ contactId: "c-1" }] });
    await clock.turn(300_000);
    expect(asked).toBeLessThan(30);
    answer = [];
    await clock.turn(20_000);
    expect(calls.snapshot()).toMatchObject({ state: "live", calls: [] });
  });

  it("is empty once the server refuses it", async () => {
    answer = [anyLive("c-1", 1)];
    calls.open();
    await settled();
    answer = new GraphqlRefused("role", "Unauthorized");
    await clock.turn(5_000);
    expect(calls.snapshot()).toMatchObject({ state: "refused", calls: [] });
  });

  it("hears no answer that comes after it was closed", async () => {
    answer = [anyLive("c-1", 1)];
    calls.open();
    calls.close();
    await settled();
    expect(calls.snapshot().calls).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
