import type { Socket } from "../src/link";

export interface SentFrame {
  action: string;
  id?: string;
  field?: string;
  arguments?: Record<string, unknown>;
  fields?: Record<string, { field: string; arguments: Record<string, unknown> }>;
}

/** API Gateway's end of a socket, in a test's hand. */
export class ApiGatewaySocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: SentFrame[] = [];
  isClosed = false;

  constructor(
    readonly url: string,
    readonly protocols: readonly string[],
  ) {}

  readonly send = (data: string): void => void this.sent.push(JSON.parse(data) as SentFrame);
  readonly close = (): void => void (this.isClosed = true);

  say(message: object | string): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  accept(): void {
    this.onopen?.(null);
  }

  acceptSubscriptions(): void {
    for (const id of this.requested()) this.say({ type: "subscribed", id });
  }

  requested(): string[] {
    return this.of("subscribe");
  }

  stopped(): string[] {
    return this.of("unsubscribe");
  }

  data(id: string, data: Record<string, unknown>): void {
    const { onAssignment, ...messages } = data;
    this.say(onAssignment === undefined ? { type: "data", id, messages: Object.values(messages) } : { type: "data", id, assignment: onAssignment });
  }

  complete(id: string): void {
    this.say({ type: "complete", id });
  }

  refuse(id: string, message: string): void {
    this.say({ type: "error", id, error: { type: "Unauthorized", message } });
  }

  tokenExpired(id: string): void {
    this.say({ type: "error", id, error: { type: "UnauthorizedException", message: "Token has expired." } });
  }

  break(): void {
    this.onclose?.(null);
  }

  of(action: string): string[] {
    return this.sent.filter((message) => message.action === action).map((message) => message.id ?? "");
  }
}
