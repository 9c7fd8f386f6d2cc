import { Acknowledge, Dismiss, type Opinion, Rate, type Verdict } from "../api/generated";
import { backoffMs } from "../connection/backoff";
import type { Clock, Random } from "../connection/clock";
import { type GraphqlClient, GraphqlRefused } from "../connection/graphql";

export type Deed =
  | { readonly what: "acknowledge" | "dismiss"; readonly annotationId: string }
  | { readonly what: "rate"; readonly annotationId: string; readonly verdict: Verdict; readonly reason?: string };

export interface OutboxPorts {
  graphql: Pick<GraphqlClient, "ask">;
  clock: Clock;
  random: Random;
}

/** What the agent did, on its way to the server, in order: shown at once, sent until the server has it. */
export class Outbox {
  private readonly waiting: Deed[] = [];
  private sending = false;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly contactId: string,
    private readonly ports: OutboxPorts,
    private readonly onStored: (opinion: Opinion) => void,
    private readonly onRefused: (deed: Deed, reason: string) => void,
  ) {}

  send(deed: Deed): void {
    this.waiting.push(deed);
    void this.flush();
  }

  get pending(): readonly Deed[] {
    return this.waiting;
  }

  close(): void {
    this.closed = true;
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let deed: Deed | undefined;
    while ((deed = this.waiting[0]) && (await this.deliver(deed))) this.waiting.shift();
    this.sending = false;
    if (deed && !this.closed) this.ports.clock.after(backoffMs(this.failures, this.ports.random), () => void this.flush());
  }

  /** True when the deed need not be sent again. */
  private async deliver(deed: Deed): Promise<boolean> {
    try {
      this.onStored(await this.store(deed));
      this.failures = 0;
      return true;
    } catch (error) {
      if (error instanceof GraphqlRefused) {
        this.onRefused(deed, error.message);
        return true;
      }
      this.failures += 1;
      return false;
    }
  }

  private async store(deed: Deed): Promise<Opinion> {
    const { contactId } = this;
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
