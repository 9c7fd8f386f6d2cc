import { anyUtterance } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { anchorFor, windowOf } from "../src/conversation/windowOf";
import { type Recording, absenceOf, lineAt, neighbour, playableOf, timeOf } from "../src/recording/recordings";
import { levelsOf, outlineOf } from "../src/recording/waveform";

const plain: Recording = { id: "r", state: "REDACTED", why: null, durationMs: 1_000, beginsMs: 0, peaks: [], beeped: [], url: null, expiresAtMs: null };
const lines = [anyUtterance({ id: "b", startMs: 4_000 }), anyUtterance({ id: "a", startMs: 1_000 }), anyUtterance({ id: "c", startMs: 9_000 })];

describe("what can be played", () => {
  it("is what is published, in the order of the call", () => {
    const found = playableOf([{ ...plain, id: "2", beginsMs: 90_000 }, { ...plain, id: "x", state: "QUARANTINED", durationMs: null }, { ...plain, id: "1" }]);
    expect(found.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  it.each([
    [[], "unknown"],
    [["NONE"], "none"],
    [["AVAILABLE"], "pending"],
    [["QUARANTINED", "AVAILABLE"], "pending"],
    [["FAILED", "QUARANTINED"], "quarantined"],
    [["FAILED"], "failed"],
    [["FAILED", "REDACTED"], null],
  ] as const)("or it is said why not: %j", (states, absence) => {
    expect(absenceOf(states.map((state) => ({ ...plain, state })))).toBe(absence);
  });
});

describe("the line under way", () => {
  it.each([
    [0, null],
    [1_000, "a"],
    [8_999, "b"],
    [99_000, "c"],
  ])("at %i ms is %s, in whatever order lines came", (atMs, id) => {
    expect(lineAt(lines, atMs)?.id ?? null).toBe(id);
  });

  it("has neighbours; who goes back from one that has just begun gets to the one before", () => {
    expect([neighbour(lines, 1_000, "next"), neighbour(lines, 9_000, "next")]).toEqual([4_000, null]);
    expect([neighbour(lines, 4_800, "previous"), neighbour(lines, 8_000, "previous"), neighbour(lines, 500, "previous")]).toEqual([1_000, 4_000, 1_000]);
    expect(neighbour([], 500, "previous")).toBeNull();
  });

  it.each([
    ["25500", 25_500],
    ["customer-25500", null],
    ["-3", null],
    ["99999999999", null],
    [null, null],
  ])("is led to by a time or an id: %s", (at, timeMs) => {
    expect(timeOf(at)).toBe(timeMs);
  });

  it("takes the lines on the page along before it leaves them", () => {
    const shown = windowOf(900, { cited: null, isLive: false, extra: { before: 0, after: 0 } });
    expect([anchorFor(-1, shown, 900), anchorFor(50, shown, 900), anchorFor(119, shown, 900)]).toEqual([null, null, 119]);
    expect(anchorFor(119, { from: 0, until: 120 }, 120)).toBeNull();
  });
});

describe("the waveform", () => {
  it("is read from a byte for each part and mirrored about the middle", () => {
    expect(levelsOf("AP8=")).toEqual([0, 255]);
    expect(outlineOf([0, 255], 1_000)).toBe("M250 50L750 0L750 100L250 50Z");
    expect(outlineOf([], 1_000)).toBe("");
  });
});
