/** AppSync's real-time protocol, as its documentation gives it. */
export type ServerMessage =
  | { type: "connection_ack"; payload?: { connectionTimeoutMs?: number } }
  | { type: "connection_error"; payload?: ErrorPayload }
  | { type: "ka" }
  | { type: "start_ack"; id: string }
  | { type: "data"; id: string; payload?: { data?: unknown; errors?: WireError[] } }
  | { type: "error"; id?: string; payload?: ErrorPayload }
  | { type: "complete"; id: string };

export interface WireError {
  errorType?: string;
  errorCode?: number;
  message?: string;
}

interface ErrorPayload {
  errors?: WireError[];
}

export interface Authorization {
  host: string;
  Authorization: string;
}

/** The connection's authorisation as a subprotocol: unlike a query string it stays out of access logs. */
export function headerProtocol(authorization: Authorization): string {
  return `header-${base64url(JSON.stringify(authorization))}`;
}

export function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function startMessage(id: string, text: string, variables: unknown, authorization: Authorization): string {
  const payload = { data: JSON.stringify({ query: text, variables }), extensions: { authorization } };
  return JSON.stringify({ id, type: "start", payload });
}

export const stopMessage = (id: string): string => JSON.stringify({ id, type: "stop" });

/** The message, or null for anything that is none: a broken message must not break the panel. */
export function parseMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  try {
    const message: unknown = JSON.parse(data);
    return message !== null && typeof message === "object" && "type" in message ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}

export function isUnauthorised(errors: readonly WireError[] | undefined): boolean {
  return (errors ?? []).some((error) => error.errorCode === 401 || error.errorType === "UnauthorizedException");
}
