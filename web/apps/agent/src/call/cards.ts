import type { Severity } from "@sotto/api";
import type { CallState, Note } from "./state";

const STEP: Record<Severity, number> = { INFO: 0, LOW: 1, MEDIUM: 2, HIGH: 3 };
/** One step of severity is worth this much freshness. */
const STEP_MS = 45_000;
/** A moment waits this long for the action that answers it, before it becomes a card of its own. */
const PATIENCE_MS = 1_500;

/**
 * A card's weight. As all cards age equally, the order of two cards never changes by itself: what an agent has seen
 * in second place stays there until something arrives, is dealt with or expires.
 */
export function weight(note: Note): number {
  return STEP[note.severity] * STEP_MS + note.atMs;
}

/** When the card has had its time; null for one that stays until the call ends. */
export function leavesAt(note: Note): number | null {
  return note.expiresMs === null ? null : note.shownAt + note.expiresMs;
}

export function isDealtWith(state: CallState, id: string): boolean {
  const opinion = state.opinions.get(id);
  return opinion !== undefined && (opinion.acknowledgedAtMs !== null || opinion.dismissedAtMs !== null);
}

/** What the agent can act on now, most important first. `held` stays in the list while the agent is using it. */
export function cardsNow(state: CallState, now: number, held: string | null): readonly Note[] {
  const cards = [...state.notes.values()].filter((note) => isCard(state, note, now) && (note.id === held || isCurrent(state, note, now)));
  return cards.sort((a, b) => weight(b) - weight(a) || b.seq - a.seq);
}

function isCurrent(state: CallState, note: Note, now: number): boolean {
  const leaves = leavesAt(note);
  return !isDealtWith(state, note.id) && !state.withdrawn.has(note.id) && (leaves === null || leaves > now);
}

/** Actions are cards. A moment is a mark in the transcript, and a card only when it is grave and nothing is offered for it. */
function isCard(state: CallState, note: Note, now: number): boolean {
  if (note.withdraws !== null) return false;
  if (note.kind === "ACTION") return true;
  if (note.severity !== "HIGH" || note.title === "" || now < note.shownAt + PATIENCE_MS) return false;
  return ![...state.notes.values()].some((other) => other.kind === "ACTION" && other.utteranceId === note.utteranceId);
}

/** The cards that have left, newest first. */
export function cardsGone(state: CallState, now: number, held: string | null): readonly Note[] {
  const gone = [...state.notes.values()].filter((note) => isCard(state, note, now) && note.id !== held && !isCurrent(state, note, now));
  return gone.sort((a, b) => b.seq - a.seq);
}

/** The next time at which a card comes or leaves by itself, so that the view need not poll; null when none will. */
export function nextChange(state: CallState, now: number): number | null {
  const comes = (note: Note) => (note.kind === "MOMENT" && note.severity === "HIGH" ? note.shownAt + PATIENCE_MS : null);
  const times = [...state.notes.values()].flatMap((note) => [leavesAt(note), comes(note)]).filter((at): at is number => at !== null && at > now);
  return times.length > 0 ? Math.min(...times) : null;
}

/** How much of the card's time has passed, 0 to 1. */
export function age(note: Note, now: number): number {
  return note.expiresMs === null ? 0 : Math.min(1, Math.max(0, (now - note.shownAt) / note.expiresMs));
}

export type Outcome = "acknowledged" | "dismissed" | "expired";

/** What became of a card that has left. */
export function outcomeOf(state: CallState, id: string): Outcome {
  if (state.withdrawn.has(id)) return "acknowledged";
  if (!isDealtWith(state, id)) return "expired";
  return state.opinions.get(id)?.dismissedAtMs == null ? "acknowledged" : "dismissed";
}

/** Every card of the call, in its order. */
export function allCards(state: CallState): readonly Note[] {
  return [...state.notes.values()].filter((note) => isCard(state, note, Infinity)).sort((a, b) => a.seq - b.seq);
}
