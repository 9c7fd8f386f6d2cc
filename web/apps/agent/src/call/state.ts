import type { Call, HealthState, Noted, Opinion, Spoken, Summary, Task } from "@sotto/api";

export interface Health {
  readonly state: HealthState;
  readonly part: string;
  readonly reason: string | null;
}

/** An annotation and when it came: epoch ms of this machine, moved back for one that was fetched late. */
export interface Note extends Noted {
  readonly shownAt: number;
}

/** All that the panel knows about one call. Never changed in place, so that a view can compare by identity. */
export interface CallState {
  readonly contact: Call | null;
  /** Finals and the running partials, by start. */
  readonly lines: readonly Spoken[];
  readonly notes: ReadonlyMap<string, Note>;
  /** The moments by the line that they rest on. */
  readonly moments: ReadonlyMap<string, readonly Note[]>;
  /** The actions that Sotto took back, because what they asked for has been done. */
  readonly withdrawn: ReadonlySet<string>;
  readonly tasks: readonly Task[];
  readonly opinions: ReadonlyMap<string, Opinion>;
  readonly health: ReadonlyMap<string, Health>;
  /** Made when the call has ended; null until then. */
  readonly summary: Summary | null;
  /** The latest call time heard of. */
  readonly latestMs: number;
}

export const emptyCall: CallState = {
  contact: null,
  lines: [],
  notes: new Map(),
  moments: new Map(),
  withdrawn: new Set(),
  tasks: [],
  opinions: new Map(),
  health: new Map(),
  summary: null,
  latestMs: 0,
};

export function withSpoken(state: CallState, spoken: readonly Spoken[]): CallState {
  const lines = spoken.reduce(withLine, state.lines);
  const latestMs = spoken.reduce((latest, line) => Math.max(latest, line.endMs), state.latestMs);
  return lines === state.lines ? state : { ...state, lines, latestMs };
}

/**
 * A line takes the place of the one with its id, so a partial settles where it stands. A final also ends the same
 * speaker's partials that began before it ended: their words are in it.
 */
function withLine(lines: readonly Spoken[], line: Spoken): readonly Spoken[] {
  const known = lines.findIndex((other) => other.id === line.id);
  const before = known >= 0 ? lines[known] : undefined;
  if (before && isOlder(line, before)) return lines;
  if (!before && !line.isFinal && isSettled(lines, line)) return lines;
  const kept = lines.filter((other) => other.id !== line.id && !isReplacedBy(other, line));
  let place = kept.length;
  while (place > 0 && isAfter(kept[place - 1], line)) place -= 1;
  return [...kept.slice(0, place), line, ...kept.slice(place)];
}

function isOlder(line: Spoken, known: Spoken): boolean {
  return known.isFinal ? !line.isFinal : !line.isFinal && line.endMs < known.endMs;
}

/** A partial that comes after the final which holds its words. */
function isSettled(lines: readonly Spoken[], partial: Spoken): boolean {
  return lines.some((line) => line.isFinal && line.speaker === partial.speaker && line.endMs > partial.startMs && line.startMs <= partial.startMs);
}

function isReplacedBy(other: Spoken, line: Spoken): boolean {
  if (other.isFinal || other.speaker !== line.speaker) return false;
  return line.isFinal ? other.startMs < line.endMs : true;
}

function isAfter(other: Spoken | undefined, line: Spoken): boolean {
  if (!other) return false;
  return other.startMs > line.startMs || (other.startMs === line.startMs && other.speaker > line.speaker);
}

export function withNotes(state: CallState, noted: readonly Noted[], now: number): CallState {
  const latestMs = noted.reduce((latest, note) => Math.max(latest, note.atMs), state.latestMs);
  const notes = new Map(state.notes);
  const moments = new Map(state.moments);
  for (const given of noted) {
    const note = { ...given, shownAt: now - (latestMs - given.atMs) };
    notes.set(note.id, note);
    // Only the lists that change get a new identity: a line is drawn anew when its list is another.
    if (note.kind === "MOMENT" && note.utteranceId !== null) moments.set(note.utteranceId, [...(moments.get(note.utteranceId) ?? []), note]);
  }
  const withdrawals = noted.map((note) => note.withdraws).filter((id) => id !== null);
  const withdrawn = withdrawals.length > 0 ? new Set([...state.withdrawn, ...withdrawals]) : state.withdrawn;
  return { ...state, notes, moments, withdrawn, latestMs };
}

export function withOpinions(state: CallState, given: readonly Opinion[]): CallState {
  if (given.length === 0) return state;
  const opinions = new Map(state.opinions);
  for (const opinion of given) opinions.set(opinion.annotationId, opinion);
  return { ...state, opinions };
}

/** With the end of the call nobody is in mid-sentence any more. */
export function withContact(state: CallState, contact: Call): CallState {
  const lines = contact.status === "ENDED" && state.lines.some((line) => !line.isFinal) ? state.lines.filter((line) => line.isFinal) : state.lines;
  return { ...state, contact, lines };
}

export function withHealth(state: CallState, health: Health): CallState {
  return { ...state, health: new Map(state.health).set(health.part, health) };
}

/** A later summary takes the place of an earlier one, in whichever order they come. */
export function withSummary(state: CallState, summary: Summary): CallState {
  return state.summary !== null && state.summary.version >= summary.version ? state : { ...state, summary };
}
