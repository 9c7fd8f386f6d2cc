import type { Severity } from "@sotto/api";
import { isMoot } from "./moot";
import type { CallState, ShownAnnotation } from "./state";

const STEP: Record<Severity, number> = { INFO: 0, LOW: 1, MEDIUM: 2, HIGH: 3 };
/** One step of severity is worth this much freshness. */
const STEP_MS = 45_000;
/** A moment waits this long for the action that answers it, before it becomes a card of its own. */
const ANSWER_WAIT_MS = 1_500;

/**
 * A card's weight. As all cards age equally, the order of two cards never changes by itself: what an agent has seen
 * in second place stays there until something arrives, is dealt with or expires.
 */
export function weight(annotation: ShownAnnotation): number {
  return STEP[annotation.severity] * STEP_MS + annotation.atMs;
}

/** When the card has had its time; null for one that stays until the call ends. */
export function expiresAt(annotation: ShownAnnotation): number | null {
  return annotation.expiresMs === null ? null : annotation.shownAt + annotation.expiresMs;
}

export function isHandled(state: CallState, id: string): boolean {
  const feedback = state.feedback.get(id);
  return feedback !== undefined && (feedback.acknowledgedAtMs !== null || feedback.dismissedAtMs !== null);
}

/** What the agent can act on now, most important first. `pinned` stays in the list while the agent is using it. */
export function currentCards(state: CallState, now: number, pinned: string | null): readonly ShownAnnotation[] {
  const cards = [...state.annotations.values()].filter((annotation) => isCard(state, annotation, now) && (annotation.id === pinned || isCurrent(state, annotation, now)));
  return cards.sort((a, b) => weight(b) - weight(a) || b.seq - a.seq);
}

function isCurrent(state: CallState, annotation: ShownAnnotation, now: number): boolean {
  const expires = expiresAt(annotation);
  return !isHandled(state, annotation.id) && !state.withdrawn.has(annotation.id) && (expires === null || expires > now) && !isMoot(state, annotation);
}

/** Actions are cards. A moment is a mark in the transcript, and a card only when it is grave and nothing is offered for it. */
function isCard(state: CallState, annotation: ShownAnnotation, now: number): boolean {
  if (annotation.withdraws !== null) return false;
  if (annotation.kind === "ACTION") return true;
  if (annotation.severity !== "HIGH" || annotation.title === "" || now < annotation.shownAt + ANSWER_WAIT_MS) return false;
  return ![...state.annotations.values()].some((other) => other.kind === "ACTION" && other.utteranceId === annotation.utteranceId);
}

/** Cards that are in sight at once, the one on top among them. */
export const IN_SIGHT = 3;

/** The cards below the top one: grave ones first, each kind in its own order. */
export function cardsBelow(cards: readonly ShownAnnotation[], topId: string | undefined): readonly ShownAnnotation[] {
  const below = cards.filter((card) => card.id !== topId);
  return [...below.filter((card) => card.severity === "HIGH"), ...below.filter((card) => card.severity !== "HIGH")];
}

/** The cards that have expired or were handled, newest first. */
export function earlierCards(state: CallState, now: number, pinned: string | null): readonly ShownAnnotation[] {
  const earlier = [...state.annotations.values()].filter((annotation) => isCard(state, annotation, now) && annotation.id !== pinned && !isCurrent(state, annotation, now));
  return earlier.sort((a, b) => b.seq - a.seq);
}

/** The next time at which a card comes or leaves by itself, so that the view need not poll; null when none will. */
export function nextCardChange(state: CallState, now: number): number | null {
  const comes = (annotation: ShownAnnotation) => (annotation.kind === "MOMENT" && annotation.severity === "HIGH" ? annotation.shownAt + ANSWER_WAIT_MS : null);
  const times = [...state.annotations.values()].flatMap((annotation) => [expiresAt(annotation), comes(annotation)]).filter((at): at is number => at !== null && at > now);
  return times.length > 0 ? Math.min(...times) : null;
}

/** How much of the card's time has passed, 0 to 1. */
export function age(annotation: ShownAnnotation, now: number): number {
  return annotation.expiresMs === null ? 0 : Math.min(1, Math.max(0, (now - annotation.shownAt) / annotation.expiresMs));
}

export type Outcome = "acknowledged" | "dismissed" | "expired";

/** What became of a card that has left. */
export function outcomeOf(state: CallState, id: string): Outcome {
  if (state.withdrawn.has(id) && !state.replaced.has(id)) return "acknowledged";
  if (!isHandled(state, id)) return "expired";
  return state.feedback.get(id)?.dismissedAtMs == null ? "acknowledged" : "dismissed";
}

/** Every card of the call, in its order. */
export function allCards(state: CallState): readonly ShownAnnotation[] {
  return [...state.annotations.values()].filter((annotation) => isCard(state, annotation, Infinity)).sort((a, b) => a.seq - b.seq);
}
