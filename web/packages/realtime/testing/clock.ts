import type { Clock } from "../src/clock";

/** A clock that stands until a test turns it. */
export class TurnedClock implements Clock {
  private timers: { at: number; act: () => void }[] = [];
  constructor(private time = 1_000_000) {}

  readonly now = (): number => this.time;

  readonly after = (ms: number, act: () => void): (() => void) => {
    const timer = { at: this.time + ms, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  /** Lets `ms` pass and everything happen that is due, in its order, with what it sets off. */
  async turn(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.time = Math.max(this.time, due.at);
      due.act();
      await settled();
    }
    this.time = end;
  }

  get waiting(): number {
    return this.timers.length;
  }
}

/** Every promise that can settle has settled. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}
