import type { Shortcut } from "@sotto/ui";

/** Single keys by action. Letters are those of the English words; they need no modifier because a hand is on the headset. */
export const KEYS = {
  copy: "c",
  done: "a",
  dismiss: "x",
  undo: "u",
  up: "+",
  down: "-",
  search: "/",
  live: "l",
  details: "i",
  help: "?",
} as const;

export type Action = Shortcut<typeof KEYS>;
