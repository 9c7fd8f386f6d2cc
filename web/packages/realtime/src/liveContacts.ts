import { GraphqlRefused, type LiveContact, LiveContacts } from "@sotto/api";
import { backoffMs } from "./backoff";
import type { Requests } from "./channel";
import type { Clock, Random } from "./clock";

export interface LiveContactsPorts {
  graphql: Requests;
  clock: Clock;
  random: Random;
}

export interface LiveContactsView {
  /** Those with the latest risk first. */
  readonly contacts: readonly LiveContact[];
  readonly state: "connecting" | "live" | "delayed" | "refused";
  /** Epoch ms of the last answer, from which a call's age counts. */
  readonly now: number;
}

/** What the list asks for; see the schema on what it costs the trail of looks. */
export interface LiveContactsWish {
  readonly withLastWords: boolean;
}

const EVERY_MS = 5_000;

/** The live calls of a supervisor's teams, asked for again and again while anyone looks at the list. */
export class LiveContactsFeed {
  private view: LiveContactsView;
  private wish: LiveContactsWish = { withLastWords: false };
  private failures = 0;
  private round = 0;
  private isOpen = false;
  private cancelNext: () => void = () => undefined;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly ports: LiveContactsPorts) {
    this.view = { contacts: [], state: "connecting", now: ports.clock.now() };
  }

  readonly snapshot = (): LiveContactsView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  open(): void {
    this.close();
    this.isOpen = true;
    void this.refresh(this.round);
  }

  /** Asks anew at once, while anyone looks. */
  want(wish: LiveContactsWish): void {
    if (wish.withLastWords === this.wish.withLastWords) return;
    this.wish = wish;
    if (this.isOpen) this.open();
  }

  /** An answer that is still under way is ignored. */
  close(): void {
    this.round += 1;
    this.isOpen = false;
    this.cancelNext();
  }

  private async refresh(round: number): Promise<void> {
    let next: Partial<LiveContactsView>;
    try {
      const { liveContacts } = await this.ports.graphql.request(LiveContacts, this.wish);
      this.failures = 0;
      next = { contacts: ranked(liveContacts), state: "live", now: this.ports.clock.now() };
    } catch (error) {
      this.failures += 1;
      const isRefused = error instanceof GraphqlRefused && error.kind === "Unauthorized";
      // What may no longer be seen goes; what could not be fetched again stays, and is said to be old.
      next = isRefused ? { contacts: [], state: "refused" } : { state: "delayed" };
    }
    if (round !== this.round) return;
    this.change(next);
    const wait = this.failures === 0 ? EVERY_MS : Math.max(EVERY_MS, backoffMs(this.failures, this.ports.random));
    this.cancelNext = this.ports.clock.after(wait, () => void this.refresh(round));
  }

  private change(part: Partial<LiveContactsView>): void {
    this.view = { ...this.view, ...part };
    for (const watcher of this.watchers) watcher();
  }
}

/** A grave moment is a risk, and so is a step that was missed: a disclosure that was not made is found by nobody later. */
export function isAtRisk(contact: LiveContact): boolean {
  return contact.riskCount > 0 || contact.missedSteps.length > 0;
}

/** Calls at risk before those that are not: by the time of their latest grave moment, then by missed steps; then the longest call first. */
export function ranked(contacts: readonly LiveContact[]): readonly LiveContact[] {
  return [...contacts].sort((a, b) => latestRisk(b) - latestRisk(a) || b.missedSteps.length - a.missedSteps.length || a.startedAtMs - b.startedAtMs);
}

function latestRisk(contact: LiveContact): number {
  const [latest] = contact.riskMoments;
  return latest ? contact.startedAtMs + latest.atMs : 0;
}

/** The contact in which a conversation goes on after `contact`: a transfer opens a new one. */
export function nextOf(contact: Pick<LiveContact, "contactId" | "conversationId">, live: readonly LiveContact[]): LiveContact | null {
  const others = live.filter((each) => each.conversationId === contact.conversationId && each.contactId !== contact.contactId);
  return others.sort((a, b) => b.startedAtMs - a.startedAtMs)[0] ?? null;
}
