import { GraphqlRefused, type LiveCall, LiveContacts } from "@sotto/api";
import { backoffMs } from "./backoff";
import type { Questions } from "./channel";
import type { Clock, Random } from "./clock";

export interface LiveCallsPorts {
  graphql: Questions;
  clock: Clock;
  random: Random;
}

export interface LiveCallsView {
  /** Those with the latest risk first. */
  readonly calls: readonly LiveCall[];
  readonly state: "connecting" | "live" | "delayed" | "refused";
  /** Epoch ms of the last answer, from which a call's age counts. */
  readonly now: number;
}

const EVERY_MS = 5_000;

/** The live calls of a supervisor's teams, asked for again and again while anyone looks at the list. */
export class LiveCalls {
  private view: LiveCallsView;
  private failures = 0;
  private round = 0;
  private cancelNext: () => void = () => undefined;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly ports: LiveCallsPorts) {
    this.view = { calls: [], state: "connecting", now: ports.clock.now() };
  }

  readonly snapshot = (): LiveCallsView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  open(): void {
    this.close();
    void this.ask(this.round);
  }

  /** What is still under way is not heard any more. */
  close(): void {
    this.round += 1;
    this.cancelNext();
  }

  private async ask(round: number): Promise<void> {
    let next: Partial<LiveCallsView>;
    try {
      const { liveContacts } = await this.ports.graphql.ask(LiveContacts, {});
      this.failures = 0;
      next = { calls: ranked(liveContacts), state: "live", now: this.ports.clock.now() };
    } catch (error) {
      this.failures += 1;
      const isRefused = error instanceof GraphqlRefused && error.kind === "Unauthorized";
      // What may no longer be seen goes; what could not be fetched again stays, and is said to be old.
      next = isRefused ? { calls: [], state: "refused" } : { state: "delayed" };
    }
    if (round !== this.round) return;
    this.change(next);
    const wait = this.failures === 0 ? EVERY_MS : Math.max(EVERY_MS, backoffMs(this.failures, this.ports.random));
    this.cancelNext = this.ports.clock.after(wait, () => void this.ask(round));
  }

  private change(part: Partial<LiveCallsView>): void {
    this.view = { ...this.view, ...part };
    for (const watcher of this.watchers) watcher();
  }
}

/** Calls with a risk before those without, by the time of their latest; then the longest call first. */
export function ranked(calls: readonly LiveCall[]): readonly LiveCall[] {
  return [...calls].sort((a, b) => latestRisk(b) - latestRisk(a) || a.startedAtMs - b.startedAtMs);
}

function latestRisk(call: LiveCall): number {
  const [latest] = call.riskMoments;
  return latest ? call.startedAtMs + latest.atMs : 0;
}
