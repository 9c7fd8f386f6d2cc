import type { AnyOperation, Operation } from "@sotto/api";
import type { Listener } from "./channel";
import type { Clock } from "./clock";

export interface Subscription {
  operation: AnyOperation;
  variables: unknown;
  listener: Listener<unknown>;
  cancelTimeout: () => void;
}

const ACK_TIMEOUT_MS = 10_000;

/** The subscriptions that the panel holds, over whichever connection there is. */
export class Subscriptions {
  private nextId = 1;
  private readonly active = new Map<string, Subscription>();

  /** `onSilence`: a subscription that was asked for has not been acknowledged. */
  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  add<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables, listener: Listener<Result>): string {
    const id = String(this.nextId++);
    const untyped = { ...listener, onData: (data: unknown) => listener.onData(data as Result) };
    this.active.set(id, { operation, variables, listener: untyped, cancelTimeout: () => undefined });
    return id;
  }

  get(id: string): Subscription | undefined {
    return this.active.get(id);
  }

  get ids(): string[] {
    return [...this.active.keys()];
  }

  remove(id: string): boolean {
    this.active.get(id)?.cancelTimeout();
    return this.active.delete(id);
  }

  /** Its acknowledgement is due. */
  awaitAck(subscription: Subscription): void {
    subscription.cancelTimeout();
    subscription.cancelTimeout = this.clock.after(ACK_TIMEOUT_MS, this.onSilence);
  }

  started(id: string): void {
    const subscription = this.active.get(id);
    subscription?.cancelTimeout();
    subscription?.listener.onStarted();
  }

  refused(id: string, reason: string): void {
    const subscription = this.active.get(id);
    this.remove(id);
    subscription?.listener.onRefused(reason);
  }

  /** The connection is gone: nothing is acknowledged any more. */
  lost(): void {
    for (const subscription of this.active.values()) subscription.cancelTimeout();
  }
}
