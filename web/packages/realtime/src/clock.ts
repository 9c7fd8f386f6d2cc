/** Time and chance as ports, so that tests decide when a second has passed and what the dice show. */
export interface Clock {
  /** Epoch milliseconds. */
  now: () => number;
  /** Calls `act` once after `ms`; the returned function cancels it. */
  after: (ms: number, act: () => void) => () => void;
}

/** A number in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
