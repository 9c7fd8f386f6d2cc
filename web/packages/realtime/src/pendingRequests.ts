import { GraphqlRefused, type OperationField } from "@sotto/api";
import type { Clock } from "./clock";

interface PendingRequest {
  fields: readonly OperationField[];
  variables: unknown;
  isSent: boolean;
  /** A refused token is renewed once. */
  isRetried: boolean;
  settle: (answer: { data: unknown } | { error: Error }) => void;
}

const TIMEOUT_MS = 10_000;
const MOST_PENDING = 100;

/** Requests under way over a socket. One that is not answered in time fails; its caller decides whether to send it again. */
export class PendingRequests {
  private nextId = 1;
  private readonly pending = new Map<string, PendingRequest>();

  /** `onSilence`: a request that was sent has not been answered, so the connection may be dead. */
  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  add(name: string, fields: readonly OperationField[], variables: unknown): Promise<unknown> {
    if (this.pending.size >= MOST_PENDING) return Promise.reject(new Error(`${name}: too many requests are under way`));
    const id = `q${String(this.nextId++)}`;
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(TIMEOUT_MS, () => this.timeOut(id, name));
      const settle: PendingRequest["settle"] = (answer) => {
        cancel();
        this.pending.delete(id);
        if ("error" in answer) reject(answer.error);
        else resolve(answer.data);
      };
      this.pending.set(id, { fields, variables, isSent: false, isRetried: false, settle });
    });
  }

  /** Sends what has not been sent. */
  send(transmit: (id: string, fields: readonly OperationField[], variables: unknown) => void): void {
    for (const [id, request] of this.pending) {
      if (request.isSent) continue;
      request.isSent = true;
      transmit(id, request.fields, request.variables);
    }
  }

  answered(id: string, data: unknown): void {
    this.pending.get(id)?.settle({ data });
  }

  /** True when `id` is a request's. */
  refused(id: string, message: string, kind: string): boolean {
    const request = this.pending.get(id);
    request?.settle({ error: new GraphqlRefused(message, kind) });
    return request !== undefined;
  }

  /** The token ran out: to be sent again over the next connection. False when that has been tried. */
  retry(id: string): boolean {
    const request = this.pending.get(id);
    if (!request || request.isRetried) return false;
    request.isSent = false;
    request.isRetried = true;
    return true;
  }

  /** The connection broke: what was sent over it may have been done, and only the caller knows whether to send it again. */
  lost(): void {
    for (const request of [...this.pending.values()]) {
      if (request.isSent) request.settle({ error: new Error("the connection was lost before the answer came") });
    }
  }

  private timeOut(id: string, name: string): void {
    const request = this.pending.get(id);
    request?.settle({ error: new Error(`${name}: no answer in time`) });
    if (request?.isSent) this.onSilence();
  }
}
