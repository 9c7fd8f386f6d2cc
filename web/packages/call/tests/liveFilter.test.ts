import type { LiveContact } from "@sotto/api";
import { expect, it } from "vitest";
import { filtered } from "../src/liveFilter";

const anyLive = (part: Partial<LiveContact>): LiveContact => ({
  contactId: "c",
  conversationId: "c",
  agent: "maria",
  agentName: null,
  team: "retention",
  queue: "Retention",
  startedAtMs: 0,
  channel: "VOICE",
  riskCount: 0,
  riskMoments: [],
  caller: null,
  reason: null,
  missedSteps: [],
  mood: null,
  lastWords: null,
  ...part,
});
const CALLS = [anyLive({ agent: "emma", agentName: "Emma Baker", reason: "Card declined" }), anyLive({ missedSteps: ["Say that the call is recorded"] }), anyLive({ agent: "otto", riskCount: 1, riskMoments: [{ name: "r", title: "May leave", atMs: 1 }] })];
const agents = (text: string, onlyAtRisk = false) => filtered(CALLS, { text, onlyAtRisk }).map((call) => call.agent);

it("all words have to be there, wherever", () => {
  expect(agents("")).toEqual(["emma", "maria", "otto"]);
  expect(agents("card emma")).toEqual(["emma"]);
  expect(agents("card maria")).toEqual([]);
  expect(agents("baker")).toEqual(["emma"]);
  expect(agents("RECORDED")).toEqual(["maria"]);
  expect(agents("leave")).toEqual(["otto"]);
});

it("a missed step is a risk", () => {
  expect(agents("", true)).toEqual(["maria", "otto"]);
});
