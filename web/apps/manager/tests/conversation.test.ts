import { emptyCall, withAnnotations, withUtterances } from "@sotto/call";
import { anyAnnotation, anyUtterance } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { lengthOf, regionsOf } from "../src/conversation/regions";
import { AT_ONCE, windowOf } from "../src/conversation/windowOf";

const none = { before: 0, after: 0 };

describe("the lines on the page", () => {
  it.each([
    ["the beginning of a call that has ended", { cited: null, isLive: false, extra: none }, { from: 0, until: AT_ONCE }],
    ["the end of one that goes on", { cited: null, isLive: true, extra: none }, { from: 900 - AT_ONCE, until: 900 }],
    ["those around the one that a link leads to", { cited: 500, isLive: false, extra: none }, { from: 440, until: 560 }],
    ["as much more as was asked for", { cited: 500, isLive: false, extra: { before: 200, after: 200 } }, { from: 240, until: 760 }],
    ["never beyond the ends", { cited: 2, isLive: false, extra: { before: 200, after: 2_000 } }, { from: 0, until: 900 }],
  ])("are %s", (_, asked, shown) => {
    expect(windowOf(900, asked)).toEqual(shown);
  });

  it("are all of a short call", () => {
    expect(windowOf(3, { cited: null, isLive: true, extra: none })).toEqual({ from: 0, until: 3 });
    expect(windowOf(0, { cited: null, isLive: false, extra: none })).toEqual({ from: 0, until: 0 });
  });
});

describe("the regions of a call", () => {
  const utterance = anyUtterance({ id: "u1", startMs: 4_000, endMs: 9_000 });
  const call = withUtterances(emptyCall, [utterance], 10_000);

  it("are where the words of each named moment stand", () => {
    const named = anyAnnotation({ id: "m1", kind: "MOMENT", title: "May leave", utteranceId: "u1", severity: "HIGH" });
    const mood = anyAnnotation({ id: "m2", seq: 2, kind: "MOMENT", name: "sentiment_negative", title: "Unhappy", utteranceId: "u1" });
    const lost = anyAnnotation({ id: "m3", seq: 3, kind: "MOMENT", title: "Of a line that is not here", utteranceId: "u9" });
    const regions = regionsOf(withAnnotations(call, [named, mood, lost], 10_000));
    expect(regions).toEqual([{ id: "m1", title: "May leave", severity: "HIGH", utteranceId: "u1", startMs: 4_000, endMs: 9_000 }]);
  });

  it("divide by a length that is never nothing", () => {
    expect(lengthOf([])).toBe(1);
    expect(lengthOf(call.utterances)).toBe(9_000);
  });
});
