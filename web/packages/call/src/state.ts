import type { AfterCallWork, Annotation, CallSummary, ChecklistItem, Contact, Feedback, HealthState, SupervisorNote, Utterance } from "@sotto/api";

export interface Health {
  readonly state: HealthState;
  readonly part: string;
  readonly reason: string | null;
}

/** An annotation and when its moment was: epoch ms of this machine, see `zeroAt`. */
export interface ShownAnnotation extends Annotation {
  readonly shownAt: number;
  /** When it was pushed here, by this machine's clock; null for one that was fetched later. */
  readonly arrivedAt: number | null;
}

/** All that the panel knows about one call. Never changed in place, so that a view can compare by identity. */
export interface CallState {
  readonly contact: Contact | null;
  /** Finals and the running interims, by start. */
  readonly utterances: readonly Utterance[];
  readonly annotations: ReadonlyMap<string, ShownAnnotation>;
  /** The moments by the utterance that they rest on. */
  readonly moments: ReadonlyMap<string, readonly ShownAnnotation[]>;
  /** The actions that Sotto took back: because what they asked for has been done, or, those in `replaced`, for another. */
  readonly withdrawn: ReadonlySet<string>;
  readonly replaced: ReadonlySet<string>;
  readonly checklist: readonly ChecklistItem[];
  /** What the agent did with each annotation, by its id. */
  readonly feedback: ReadonlyMap<string, Feedback>;
  readonly health: ReadonlyMap<string, Health>;
  /** Made when the call has ended; null until then. */
  readonly summary: CallSummary | null;
  /** How far the work after the call is; null until it begins. */
  readonly afterCall: AfterCallWork | null;
  /** What was said with the agents before this one; null where the customer came from none. */
  readonly handoverNote: CallSummary | null;
  /** From supervisors, by id, in the order in which they were sent. */
  readonly notes: ReadonlyMap<string, SupervisorNote>;
  /** The latest call time known. */
  readonly latestMs: number;
  /**
   * When the call began, by this machine's own clock: the earliest time that anything received allows. What comes late
   * cannot move it, so its age is known, and no clock need agree with the server's.
   */
  readonly zeroAt: number;
}

export const emptyCall: CallState = {
  contact: null,
  utterances: [],
  annotations: new Map(),
  moments: new Map(),
  withdrawn: new Set(),
  replaced: new Set(),
  checklist: [],
  feedback: new Map(),
  health: new Map(),
  summary: null,
  afterCall: null,
  handoverNote: null,
  notes: new Map(),
  latestMs: 0,
  zeroAt: Infinity,
};

export function withUtterances(state: CallState, received: readonly Utterance[], now: number): CallState {
  const utterances = received.reduce(withUtterance, state.utterances);
  if (utterances === state.utterances) return state;
  return withTime({ ...state, utterances }, Math.max(...received.map((utterance) => utterance.endMs)), now);
}

/** A difference that nobody sees is none: every change of the start makes all cards new. */
const SAME_START_MS = 500;

/** Something of this call time is here `now`: the call cannot have begun later than so long ago. */
function withTime(state: CallState, atMs: number, now: number): CallState {
  const latestMs = Math.max(state.latestMs, atMs);
  const zeroAt = now - atMs;
  if (zeroAt > state.zeroAt - SAME_START_MS) return latestMs === state.latestMs ? state : { ...state, latestMs };
  const shown = (annotation: ShownAnnotation): ShownAnnotation => ({ ...annotation, shownAt: zeroAt + annotation.atMs });
  const annotations = new Map([...state.annotations].map(([id, annotation]) => [id, shown(annotation)]));
  return { ...state, annotations, latestMs, zeroAt };
}

/**
 * An utterance takes the place of the one with its id, so an interim settles where it stands. A final also ends the same
 * speaker's interims that began before it ended: their words are in it.
 */
function withUtterance(utterances: readonly Utterance[], utterance: Utterance): readonly Utterance[] {
  const known = utterances.findIndex((other) => other.id === utterance.id);
  const before = known >= 0 ? utterances[known] : undefined;
  if (before && isOlder(utterance, before)) return utterances;
  if (!before && !utterance.isFinal && isSettled(utterances, utterance)) return utterances;
  const kept = utterances.filter((other) => other.id !== utterance.id && !isReplacedBy(other, utterance));
  let place = kept.length;
  while (place > 0 && isAfter(kept[place - 1], utterance)) place -= 1;
  return [...kept.slice(0, place), utterance, ...kept.slice(place)];
}

function isOlder(utterance: Utterance, known: Utterance): boolean {
  return known.isFinal ? !utterance.isFinal : !utterance.isFinal && utterance.endMs < known.endMs;
}

/** An interim that comes after the final which holds its words. */
function isSettled(utterances: readonly Utterance[], interim: Utterance): boolean {
  return utterances.some((utterance) => utterance.isFinal && utterance.speaker === interim.speaker && utterance.endMs > interim.startMs && utterance.startMs <= interim.startMs);
}

function isReplacedBy(other: Utterance, utterance: Utterance): boolean {
  if (other.isFinal || other.speaker !== utterance.speaker) return false;
  return utterance.isFinal ? other.startMs < utterance.endMs : true;
}

function isAfter(other: Utterance | undefined, utterance: Utterance): boolean {
  if (!other) return false;
  return other.startMs > utterance.startMs || (other.startMs === utterance.startMs && other.speaker > utterance.speaker);
}

export function withAnnotations(state: CallState, received: readonly Annotation[], now: number, isLive = true): CallState {
  const timed = withTime(state, Math.max(0, ...received.map((annotation) => annotation.atMs)), now);
  const annotations = new Map(timed.annotations);
  const moments = new Map(state.moments);
  for (const given of received) {
    const annotation = { ...given, shownAt: timed.zeroAt + given.atMs, arrivedAt: isLive ? now : null };
    annotations.set(annotation.id, annotation);
    // Only the lists that change get a new identity: an utterance is drawn anew when its list is another.
    if (annotation.kind === "MOMENT" && annotation.utteranceId !== null) moments.set(annotation.utteranceId, [...(moments.get(annotation.utteranceId) ?? []), annotation]);
  }
  const withdrawn = withWithdrawn(state.withdrawn, received);
  const replaced = withWithdrawn(state.replaced, received.filter((annotation) => annotation.because === "REPLACED"));
  return { ...timed, annotations, moments, withdrawn, replaced };
}

export function withFeedback(state: CallState, given: readonly Feedback[]): CallState {
  if (given.length === 0) return state;
  const feedback = new Map(state.feedback);
  for (const each of given) feedback.set(each.annotationId, each);
  return { ...state, feedback };
}

/** With the end of the call nobody is in mid-sentence any more. */
export function withContact(state: CallState, contact: Contact): CallState {
  const utterances = contact.status === "ENDED" && state.utterances.some((utterance) => !utterance.isFinal) ? state.utterances.filter((utterance) => utterance.isFinal) : state.utterances;
  return { ...state, contact, utterances };
}

export function withHealth(state: CallState, health: Health): CallState {
  return { ...state, health: new Map(state.health).set(health.part, health) };
}

/** A later state of the work takes the place of an earlier one, in whichever order they come. */
export function withAfterCall(state: CallState, afterCall: AfterCallWork): CallState {
  return state.afterCall !== null && state.afterCall.version >= afterCall.version ? state : { ...state, afterCall };
}

/** A later summary takes the place of an earlier one, in whichever order they come. */
export function withSummary(state: CallState, summary: CallSummary): CallState {
  return state.summary !== null && state.summary.version >= summary.version ? state : { ...state, summary };
}

export function withHandoverNote(state: CallState, note: CallSummary): CallState {
  return state.handoverNote !== null && state.handoverNote.version >= note.version ? state : { ...state, handoverNote: note };
}

/** Each once, whatever way it came; of two with one id the one with the higher version stays. */
export function withNotes(state: CallState, received: readonly SupervisorNote[]): CallState {
  const fresh = received.filter((note) => (state.notes.get(note.id)?.version ?? 0) < note.version);
  if (fresh.length === 0) return state;
  const all = [...new Map([...state.notes, ...fresh.map((note) => [note.id, note] as const)]).values()];
  return { ...state, notes: new Map(all.sort((a, b) => a.sentAtMs - b.sentAtMs).map((note) => [note.id, note])) };
}

function withWithdrawn(known: ReadonlySet<string>, received: readonly Annotation[]): ReadonlySet<string> {
  const withdrawals = received.map((annotation) => annotation.withdraws).filter((id) => id !== null);
  return withdrawals.length > 0 ? new Set([...known, ...withdrawals]) : known;
}
