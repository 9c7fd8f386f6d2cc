import { anyAnnotation, anyContact, anyUtterance } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { moodOf, sentimentOf } from "../src/sentiment";
import { measuredOf } from "../src/stages";
import { type CallState, emptyCall, withAnnotations, withContact, withUtterances } from "../src/state";
import { talkOf } from "../src/talkTime";
import { wayOf } from "../src/way";

const NOW = 5_000_000;

describe("the talk", () => {
  const spoke = (speaker: "AGENT" | "CUSTOMER", startMs: number, endMs: number) => anyUtterance({ seq: startMs + 1, speaker, startMs, endMs });

  it("has no shares until there is something to share", () => {
    expect(talkOf([spoke("AGENT", 0, 2_000)])).toBeNull();
    expect(talkOf([spoke("CUSTOMER", 0, 6_000), spoke("AGENT", 6_000, 8_000)])?.agentShare).toBe(0.25);
  });

  it("knows in how much of the call nobody spoke", () => {
    expect(talkOf([spoke("CUSTOMER", 1_000, 5_000), spoke("AGENT", 4_000, 6_000), spoke("AGENT", 8_000, 10_000)])?.silenceShare).toBeCloseTo(0.3);
  });

  it("counts what the customer waited as nobody's silence", () => {
    const talk = talkOf([spoke("CUSTOMER", 21_000, 25_000), spoke("AGENT", 24_000, 26_000), spoke("AGENT", 38_000, 40_000)], [
      { fromMs: 0, untilMs: 20_000, isHold: false },
      { fromMs: 26_000, untilMs: 36_000, isHold: true },
    ]);
    expect(talk?.silenceShare).toBeCloseTo(0.3);
  });

  it("counts as an interruption what begins in the other's words and goes on, and no yes or mm-hm", () => {
    const customer = spoke("CUSTOMER", 0, 6_000);
    const count = (...own: [number, number][]) => talkOf([customer, ...own.map(([start, end]) => spoke("AGENT", start, end))])?.interruptions;
    expect(count([4_000, 9_000])).toBe(1);
    expect(count([2_000, 2_400])).toBe(0); // mm-hm
    expect(count([5_800, 9_000])).toBe(0); // took turns
    expect(count([2_000, 4_000])).toBe(0); // gave way
    expect(talkOf([spoke("AGENT", 0, 6_000), spoke("CUSTOMER", 4_000, 9_000)])?.interruptions).toBe(0);
  });
});

describe("the mood", () => {
  const sign = (seq: number, name: string) => anyAnnotation({ seq, kind: "MOMENT", name, atMs: seq * 1_000 });
  const call = (...names: string[]): CallState => withAnnotations(emptyCall, names.map((name, index) => sign(index + 1, name)), NOW);

  it("follows the signs and stays between bad and good", () => {
    const points = sentimentOf(call("sentiment_negative", "sentiment_negative", "sentiment_positive", "offer"));
    expect(points.map((point) => Math.sign(point.value))).toEqual([-1, -1, 1]);
    expect(points.every((point) => Math.abs(point.value) <= 1)).toBe(true);
  });

  it("has a word from the customer's first sentence on", () => {
    expect(moodOf(emptyCall)).toBeNull();
    expect(moodOf(withUtterances(emptyCall, [anyUtterance({ speaker: "AGENT" })], NOW))).toBeNull();
    expect(moodOf(withUtterances(emptyCall, [anyUtterance()], NOW))).toMatchObject({ tone: "even", trend: "steady" });
  });

  it("says where it goes", () => {
    expect(moodOf(call("sentiment_negative"))).toMatchObject({ tone: "bad", trend: "falling" });
    expect(moodOf(call("sentiment_negative", "sentiment_positive"))).toMatchObject({ tone: "good", trend: "rising" });
    expect(moodOf(call(...Array<string>(9).fill("sentiment_positive")))).toMatchObject({ tone: "good", trend: "steady" });
  });
});

describe("an annotation's way", () => {
  const START = 1_700_000_000_000;
  const STAGES = '{"redact": 5, "store": 10, "infer": 80, "guide": 5, "decided_at_ms": ' + String(START + 3_000) + "}";
  const words = anyUtterance({ id: "u", startMs: 1_000, endMs: 2_000 });
  const arrived = (annotation = anyAnnotation({ utteranceId: "u", stagesMs: STAGES, latencyMs: 100 }), at = START + 3_040, isLive = true) => {
    const call = withContact(withUtterances(emptyCall, [words], at), anyContact({ mediaStartedAtMs: START }));
    const state = withAnnotations(call, [annotation], at, isLive);
    const shown = state.annotations.get(annotation.id);
    if (!shown) throw new Error("it is not there");
    return wayOf(shown, state);
  };

  it("goes from the end of the words to the screen, and its stages are all of it", () => {
    const way = arrived();
    expect(way).toMatchObject({ from: "word", to: "screen", totalMs: 1_040 });
    expect(way.stages.map((stage) => [stage.name, stage.ms])).toEqual([["recognise", 900], ["redact", 5], ["store", 10], ["infer", 80], ["guide", 5], ["deliver", 40]]);
  });

  it("counts from the text where guidance did not wait for the end of the words", () => {
    expect(arrived(anyAnnotation({ utteranceId: "u", stagesMs: STAGES, latencyMs: 1_500 }))).toMatchObject({ from: "text", to: "screen" });
  });

  it("ends with the decision where it was fetched later, or the clocks differ", () => {
    expect(arrived(undefined, START + 5_000, false)).toMatchObject({ from: "word", to: "decision", totalMs: 1_000 });
    expect(arrived(undefined, START + 600_000)).toMatchObject({ from: "word", to: "decision", totalMs: 1_000 });
    expect(arrived(undefined, START - 600_000)).toMatchObject({ to: "decision" });
  });

  it("has no stages where time alone was the cause", () => {
    expect(arrived(anyAnnotation({ stagesMs: "{}" }))).toEqual({ from: "time", to: "decision", stages: [], totalMs: 0 });
  });

  it("is read from text and from an object, and nonsense is no stage", () => {
    expect(measuredOf('{"plan": 3.5, "infer": 18, "note": "x", "decided_at_ms": 7}')).toEqual({ stages: [{ name: "plan", ms: 3.5 }, { name: "infer", ms: 18 }], decidedAt: 7 });
    expect(measuredOf({ plan: 3.5 }).stages).toHaveLength(1);
    expect(["{", "null", "3", null].map((json) => measuredOf(json).stages)).toEqual([[], [], [], []]);
  });
});
