import { describe, expect, it } from "vitest";
import { stretchOf, timesOf, widened } from "../src/sharing/stretch";

const line = (id: string, startMs: number, endMs: number) => ({ id, startMs, endMs });
const LINES = [line("a", 0, 900), line("b", 1_000, 5_000), line("c", 4_000, 4_500), line("d", 700_000, 701_000)];

describe("what is shared of a call", () => {
  it("begins as the line that the address leads to, and grows by lines in either direction", () => {
    const chosen = stretchOf(LINES, "b");
    expect(chosen).toEqual({ from: 1, until: 1 });
    expect(widened({ from: 1, until: 1 }, LINES, "before")).toEqual({ from: 0, until: 1 });
    expect(widened({ from: 1, until: 1 }, LINES, "after")).toEqual({ from: 1, until: 2 });
    expect(stretchOf(LINES, "gone")).toBeNull();
  });

  it("ends at the call's ends, and where it would be longer than the server takes", () => {
    expect(widened({ from: 0, until: 1 }, LINES, "before")).toEqual({ from: 0, until: 1 });
    expect(widened({ from: 3, until: 3 }, LINES, "after")).toEqual({ from: 3, until: 3 });
    expect(widened({ from: 1, until: 2 }, LINES, "after")).toEqual({ from: 1, until: 2 });
  });

  it("lasts from the first sound to the last, also where two spoke at once", () => {
    expect(timesOf({ from: 1, until: 2 }, LINES)).toEqual({ fromMs: 1_000, untilMs: 5_000 });
  });
});
