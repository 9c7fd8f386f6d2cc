import type { Listener } from "./channel";
import type { Clock } from "./clock";
import type { AnyOperation, Operation } from "@sotto/api";

export interface Subscription {
  operation: AnyOperation;
  variables: unknown;
  listener: Listener<unknown>;
  cancelWatch: () => void;
}

const ACK_PATIENCE_MS = 10_000;

/** What is wanted of the server, over whichever connection there is. */
export class Subscriptions {
  private nextId = 1;
  private readonly wanted = new Map<string, Subscription>();

  /** `onSilence`: a subscription that was asked for has not been acknowledged. */
  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  add<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables, listener: Listener<Result>): string {
    const id = String(this.nextId++);
    const heard = { ...listener, onData: (data: unknown) => listener.onData(data as Result) };
    this.wanted.set(id, { operation, variables, listener: heard, cancelWatch: () => undefined });
    return id;
  }

  get(id: string): Subscription | undefined {
    return this.wanted.get(id);
  }

  get ids(): string[] {
    return [...this.wanted.keys()];
  }

  remove(id: string): boolean {
    this.wanted.get(id)?.cancelWatch();
    return this.wanted.delete(id);
  }

  /** It is being asked for. */
  expect(subscription: Subscription): void {
    subscription.cancelWatch();
    subscription.cancelWatch = this.clock.after(ACK_PATIENCE_MS, this.onSilence);
  }

  started(id: string): void {
    const subscription = this.wanted.get(id);
    subscription?.cancelWatch();
    subscription?.listener.onStarted();
  }

  refused(id: string, reason: string): void {
    const subscription = this.wanted.get(id);
    this.remove(id);
    subscription?.listener.onRefused(reason);
  }

  /** The connection is gone: nothing is acknowledged any more. */
  lost(): void {
    for (const subscription of this.wanted.values()) subscription.cancelWatch();
  }
}
