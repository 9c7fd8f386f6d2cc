import { type Authorization } from "../src/appsyncMessages";
import type { Socket } from "../src/link";

interface Sent {
  type: string;
  id?: string;
  payload?: { data: string; extensions: { authorization: Authorization } };
}

/** The server's end of a socket, in a test's hand. */
export class AppSyncSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: Sent[] = [];
  isClosed = false;

  constructor(
    readonly url: string,
    readonly protocols: readonly string[],
  ) {}

  readonly send = (data: string): void => void this.sent.push(JSON.parse(data) as Sent);
  readonly close = (): void => void (this.isClosed = true);

  say(message: object | string): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  accept(connectionTimeoutMs = 300_000): void {
    this.onopen?.(null);
    this.say({ type: "connection_ack", payload: { connectionTimeoutMs } });
  }

  /** Accepts every subscription that was asked for and not yet accepted. */
  acceptSubscriptions(): void {
    for (const id of this.requested()) this.say({ id, type: "start_ack" });
  }

  data(id: string, data: unknown): void {
    this.say({ id, type: "data", payload: { data } });
  }

  complete(id: string): void {
    this.say({ id, type: "complete" });
  }

  refuse(id: string, message: string): void {
    this.say({ id, type: "error", payload: { errors: [{ errorType: "Unauthorized", message }] } });
  }

  tokenExpired(id: string): void {
    this.say({ id, type: "error", payload: { errors: [{ errorType: "UnauthorizedException", message: "Token has expired." }] } });
  }

  stopped(): string[] {
    return this.sent.filter((message) => message.type === "stop").map((message) => message.id ?? "");
  }

  break(): void {
    this.onclose?.(null);
  }

  requested(): string[] {
    return this.sent.filter((message) => message.type === "start").map((message) => message.id ?? "");
  }
}
