import type { AnyOperation, OperationField } from "@sotto/api";

/** What the server sends over the WebSocket channel; sotto/realtime/frames.py describes it. */
export type Frame =
  | { type: "data"; id: string; messages?: unknown[]; assignment?: unknown }
  | { type: "subscribed" | "complete"; id: string }
  | { type: "answer"; id: string; data: unknown }
  | { type: "error"; id: string | null; error: { type: string; message: string } }
  | { type: "pong" };

interface Part {
  type: "part";
  of: string;
  at: number;
  count: number;
  text: string;
}

const MOST_OPEN = 16;

/** The subprotocols of a connection: a browser can set no other header, and an address is kept in logs. */
export const protocolsOf = (token: string): string[] => ["sotto", `token.${token}`];

export function subscribeMessage(id: string, { fields: [field] }: AnyOperation, variables: unknown): string {
  return JSON.stringify({ action: "subscribe", id, field: field.field, arguments: argumentsOf(field, variables) });
}

export const unsubscribeMessage = (id: string): string => JSON.stringify({ action: "unsubscribe", id });

/** A subscription's payload is the value of its one field. */
export const resultOf = ({ fields: [field] }: AnyOperation, payload: unknown): unknown => ({ [field.name]: payload });

export function requestMessage(id: string, operationFields: readonly OperationField[], variables: unknown): string {
  const fields = operationFields.map((field) => [field.name, { field: field.field, arguments: argumentsOf(field, variables) }]);
  return JSON.stringify({ action: "ask", id, fields: Object.fromEntries(fields) as unknown });
}

function argumentsOf(field: OperationField, variables: unknown): Record<string, unknown> {
  const given = variables as Record<string, unknown>;
  const named = Object.entries(field.arguments).map(([name, variable]) => [name, given[variable]]);
  return Object.fromEntries(named) as Record<string, unknown>;
}

/** Frames out of what a socket receives: long ones come in parts. */
export class Frames {
  private readonly open = new Map<string, Map<number, string>>();

  /** The frame that `data` is or completes; null for any other part, and for what is no frame. */
  take(data: unknown): Frame | null {
    const message = parsed(data);
    if (message === null) return null;
    return message.type === "part" ? this.joined(message) : message;
  }

  private joined(part: Part): Frame | null {
    const parts = this.open.get(part.of) ?? new Map<number, string>();
    parts.set(part.at, part.text);
    // Of those whose rest never comes, the oldest goes.
    const [oldest] = this.open.keys();
    if (!this.open.has(part.of) && this.open.size >= MOST_OPEN && oldest !== undefined) this.open.delete(oldest);
    this.open.set(part.of, parts);
    if (parts.size < part.count) return null;
    this.open.delete(part.of);
    const text = [...parts].sort(([a], [b]) => a - b).map(([, each]) => each);
    const whole = parsed(text.join(""));
    return whole?.type === "part" ? null : whole;
  }
}

function parsed(data: unknown): Frame | Part | null {
  if (typeof data !== "string") return null;
  try {
    const message: unknown = JSON.parse(data);
    return message !== null && typeof message === "object" && "type" in message ? (message as Frame | Part) : null;
  } catch {
    return null;
  }
}
