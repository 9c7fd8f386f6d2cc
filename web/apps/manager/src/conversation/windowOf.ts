/** Which lines of a transcript are on the page: an hour's call must cost no more than a minute's. */
export interface Window {
  readonly from: number;
  /** The first that is not on the page. */
  readonly until: number;
}

export const AT_ONCE = 120;
export const MORE = 200;

/** How many further lines the reader asked for, in each direction. */
export interface Extra {
  readonly before: number;
  readonly after: number;
}

/** Around `cited` where a link leads there; else the end of a call that goes on, or the beginning of one that has ended. */
export function windowOf(count: number, { cited, isLive, extra }: { cited: number | null; isLive: boolean; extra: Extra }): Window {
  const from = cited !== null ? cited - AT_ONCE / 2 : isLive ? count - AT_ONCE : 0;
  return { from: Math.max(0, from - extra.before), until: Math.min(count, Math.max(0, from) + AT_ONCE + extra.after) };
}

/** So many lines ahead of what is played are on the page. */
const AHEAD = 12;

/** Where the window moves to as a call is played: null while the line that is played is well inside. */
export function anchorFor(place: number, shown: Window, count: number): number | null {
  if (place < 0) return null;
  const isInside = place >= shown.from && (place < shown.until - AHEAD || shown.until === count);
  return isInside ? null : place;
}
