import { Acknowledge, Dismiss, GraphqlRefused, type Opinion, Rate, type Verdict } from "@sotto/api";
import { backoffMs, type Clock, type Questions, type Random } from "@sotto/realtime";
import type { Unsent } from "./feedbackStore";

export type Deed =
  | { readonly what: "acknowledge" | "dismiss"; readonly annotationId: string }
  | { readonly what: "rate"; readonly annotationId: string; readonly verdict: Verdict; readonly reason?: string };

/** A deed and the call that it belongs to. */
export interface Entry {
  readonly contactId: string;
  readonly deed: Deed;
}

export interface OutboxPorts {
  graphql: Questions;
  clock: Clock;
  random: Random;
  unsent: Unsent;
}

/**
 * What the agent did, on its way to the server, in order: shown at once, sent until the server has it. One for all calls,
 * so that neither the next call nor a reload loses what the last one left.
 */
export class Outbox {
  private readonly waiting: Entry[];
  private sending = false;
  private failures = 0;

  constructor(
    private readonly ports: OutboxPorts,
    private readonly onStored: (contactId: string, opinion: Opinion) => void,
  ) {
    this.waiting = [...ports.unsent.read()];
  }

  /** Sends what the page before a reload could not. */
  open(): void {
    void this.flush();
  }

  send(contactId: string, deed: Deed): void {
    this.waiting.push({ contactId, deed });
    this.keep();
    void this.flush();
  }

  pendingOf(contactId: string): readonly Deed[] {
    return this.waiting.filter((entry) => entry.contactId === contactId).map((entry) => entry.deed);
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let entry: Entry | undefined;
    while ((entry = this.waiting[0]) && (await this.deliver(entry))) {
      this.waiting.shift();
      this.keep();
    }
    this.sending = false;
    if (entry) this.ports.clock.after(backoffMs(this.failures, this.ports.random), () => void this.flush());
  }

  private keep(): void {
    this.ports.unsent.write(this.waiting);
  }

  /** True when the deed need not be sent again. */
  private async deliver({ contactId, deed }: Entry): Promise<boolean> {
    try {
      this.onStored(contactId, await this.store(contactId, deed));
      this.failures = 0;
      return true;
    } catch (error) {
      if (error instanceof GraphqlRefused) return true; // it would be refused again
      this.failures += 1;
      return false;
    }
  }

  private async store(contactId: string, deed: Deed): Promise<Opinion> {
    const { annotationId } = deed;
    switch (deed.what) {
      case "acknowledge":
        return (await this.ports.graphql.ask(Acknowledge, { contactId, annotationId })).acknowledge;
      case "dismiss":
        return (await this.ports.graphql.ask(Dismiss, { contactId, annotationId })).dismiss;
      case "rate":
        return (await this.ports.graphql.ask(Rate, { contactId, annotationId, verdict: deed.verdict, reason: deed.reason ?? null })).rate;
    }
  }
}

/** The opinion as it will be once `deed` is stored, for showing it before that. */
export function foreseen(known: Opinion | undefined, deed: Deed, now: number): Opinion {
  const before = known ?? {
    annotationId: deed.annotationId,
    acknowledgedAtMs: null,
    dismissedAtMs: null,
    ratedAtMs: null,
    verdict: null,
    reason: null,
  };
  switch (deed.what) {
    case "acknowledge":
      return { ...before, acknowledgedAtMs: now };
    case "dismiss":
      return { ...before, dismissedAtMs: now };
    case "rate":
      return { ...before, ratedAtMs: now, verdict: deed.verdict, reason: deed.reason ?? null };
  }
}
