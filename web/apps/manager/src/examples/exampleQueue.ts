import type { LearningExample } from "@sotto/api";

/** What a reviewer goes through: what waits, the first of which is shown, and what they have answered, the last first. */
export interface ExampleQueue {
  readonly waiting: readonly LearningExample[];
  readonly answered: readonly Answered[];
}

export interface Answered {
  readonly example: LearningExample;
  /** null: an example of nothing. */
  readonly label: string | null;
}

export const keyOf = (example: LearningExample) => `${example.contactId}/${example.utteranceId}`;

const without = (waiting: readonly LearningExample[], gone: LearningExample) => waiting.filter((each) => keyOf(each) !== keyOf(gone));

export function answered(queue: ExampleQueue, example: LearningExample, label: string | null): ExampleQueue {
  return { waiting: without(queue.waiting, example), answered: [{ example, label }, ...queue.answered] };
}

/** It comes again when the others are through. */
export function skipped(queue: ExampleQueue): ExampleQueue {
  const [first, ...rest] = queue.waiting;
  return first ? { ...queue, waiting: [...rest, first] } : queue;
}

/** The last answer is taken back, and its example is shown again. */
export function undone(queue: ExampleQueue): ExampleQueue {
  const [last, ...before] = queue.answered;
  return last ? { waiting: [last.example, ...without(queue.waiting, last.example)], answered: before } : queue;
}

/** What cannot be answered any more: somebody else was quicker, or it is erased. */
export function dropped(queue: ExampleQueue, example: LearningExample): ExampleQueue {
  return { ...queue, waiting: without(queue.waiting, example) };
}

/** Whether this answer alone settles it, as far as the others' answers are known. */
export const settles = (example: LearningExample) => example.answers + 1 >= example.needed;
