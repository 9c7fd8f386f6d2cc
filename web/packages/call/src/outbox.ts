import { Acknowledge, Correct, type CorrectionKind, Dismiss, type Feedback, GraphqlRefused, Rate, type Rating, Restore } from "@sotto/api";
import { type Clock, type Random, type Requests, backoffMs } from "@sotto/realtime";
import type { FeedbackStore } from "./feedbackStore";

export type FeedbackAction =
  | { readonly type: "acknowledge" | "dismiss" | "restore"; readonly annotationId: string }
  | { readonly type: "rate"; readonly annotationId: string; readonly rating: Rating; readonly reason?: string }
  | { readonly type: "correct"; readonly annotationId: string; readonly kind: CorrectionKind; readonly intent?: string; readonly words?: string };

/** An action and the call that it belongs to. */
export interface PendingFeedback {
  readonly contactId: string;
  readonly action: FeedbackAction;
}

export interface OutboxPorts {
  graphql: Requests;
  clock: Clock;
  random: Random;
  feedbackStore: FeedbackStore;
}

/**
 * Feedback on its way to the server, in order: shown at once, sent until the server has it. One for all calls,
 * so that neither the next call nor a reload loses what the last one left.
 */
export class Outbox {
  private readonly queue: PendingFeedback[];
  private sending = false;
  private failures = 0;

  constructor(
    private readonly ports: OutboxPorts,
    private readonly onStored: (contactId: string, feedback: Feedback) => void,
  ) {
    this.queue = [...ports.feedbackStore.read()];
  }

  /** Sends what the page before a reload could not. */
  open(): void {
    void this.flush();
  }

  send(contactId: string, action: FeedbackAction): void {
    this.queue.push({ contactId, action });
    this.persist();
    void this.flush();
  }

  pendingOf(contactId: string): readonly FeedbackAction[] {
    return this.queue.filter((entry) => entry.contactId === contactId).map((entry) => entry.action);
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let entry: PendingFeedback | undefined;
    while ((entry = this.queue[0]) && (await this.deliver(entry))) {
      this.queue.shift();
      this.persist();
    }
    this.sending = false;
    if (entry) this.ports.clock.after(backoffMs(this.failures, this.ports.random), () => void this.flush());
  }

  private persist(): void {
    this.ports.feedbackStore.write(this.queue);
  }

  /** True when the action need not be sent again. */
  private async deliver({ contactId, action }: PendingFeedback): Promise<boolean> {
    try {
      const stored = await this.store(contactId, action);
      if (stored) this.onStored(contactId, stored);
      this.failures = 0;
      return true;
    } catch (error) {
      if (error instanceof GraphqlRefused) return true; // it would be refused again
      this.failures += 1;
      return false;
    }
  }

  /** null: a correction changes nothing of what the panel shows of a card. */
  private async store(contactId: string, action: FeedbackAction): Promise<Feedback | null> {
    const { annotationId } = action;
    switch (action.type) {
      case "acknowledge":
        return (await this.ports.graphql.request(Acknowledge, { contactId, annotationId })).acknowledge;
      case "dismiss":
        return (await this.ports.graphql.request(Dismiss, { contactId, annotationId })).dismiss;
      case "restore":
        return (await this.ports.graphql.request(Restore, { contactId, annotationId })).restore;
      case "rate":
        return (await this.ports.graphql.request(Rate, { contactId, annotationId, rating: action.rating, reason: action.reason ?? null })).rate;
      case "correct":
        await this.ports.graphql.request(Correct, { contactId, annotationId, kind: action.kind, intent: action.intent ?? null, words: action.words ?? null });
        return null;
    }
  }
}

/** The feedback as it will be once `action` is stored, for showing it before that. */
export function optimisticFeedback(known: Feedback | undefined, action: FeedbackAction, now: number): Feedback {
  const before = known ?? {
    annotationId: action.annotationId,
    acknowledgedAtMs: null,
    dismissedAtMs: null,
    ratedAtMs: null,
    rating: null,
    reason: null,
  };
  switch (action.type) {
    case "acknowledge":
      return { ...before, acknowledgedAtMs: now };
    case "dismiss":
      return { ...before, dismissedAtMs: now };
    case "restore":
      return { ...before, acknowledgedAtMs: null, dismissedAtMs: null };
    case "rate":
      return { ...before, ratedAtMs: now, rating: action.rating, reason: action.reason ?? null };
    case "correct":
      return before;
  }
}
