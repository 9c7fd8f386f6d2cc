import type { LearningExample } from "@sotto/api";
import { expect, it } from "vitest";
import { type ExampleQueue, answered, dropped, settles, skipped, undone } from "../src/examples/exampleQueue";
import { points, shareOf } from "../src/releases/trial";

const example = (contactId: string, more: Partial<LearningExample> = {}): LearningExample => ({
  contactId,
  utteranceId: "u1",
  text: "words",
  proposed: null,
  source: "CORRECTION",
  confidence: 1,
  warnings: [],
  state: "OPEN",
  label: null,
  answers: 0,
  needed: 1,
  ...more,
});
const [a, b, c] = [example("a"), example("b"), example("c")];
const queue: ExampleQueue = { waiting: [a, b, c], answered: [] };

it("an answer takes an example away, and undoing brings it back to the front", () => {
  const twice = answered(answered(queue, a, "lost"), b, null);
  expect(twice.waiting).toEqual([c]);
  expect(twice.answered.map(({ label }) => label)).toEqual([null, "lost"]);
  const once = undone(twice);
  expect(once.waiting).toEqual([b, c]);
  expect(undone(once)).toEqual(queue);
  expect(undone(queue)).toBe(queue);
});

it("what is skipped comes last, and what is gone does not come again", () => {
  expect(skipped(queue).waiting).toEqual([b, c, a]);
  expect(skipped({ waiting: [], answered: [] }).waiting).toEqual([]);
  expect(dropped(queue, b).waiting).toEqual([a, c]);
});

it("an answer settles an example when no other is needed", () => {
  expect([settles(a), settles(example("d", { needed: 2 })), settles(example("e", { needed: 2, answers: 1 }))]).toEqual([true, false, true]);
});

it("nothing shown has no share, and a difference has its sign", () => {
  expect([shareOf(1, 0), shareOf(1, 4)]).toEqual([null, 0.25]);
  expect([points(null, "en"), points(0.0512, "en"), points(-0.03, "en")]).toEqual([null, "+5.1", "-3"]);
});
