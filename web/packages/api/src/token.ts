/** Where the agent's token comes from. A host may hand it over, the demo serves it by URL. */
export interface TokenSource {
  /** A token that is good for at least a minute, as far as its own expiry says. */
  current: () => Promise<string>;
  /** The server refused the token: the next `current()` asks for a new one. */
  expire: () => void;
}

export class TokenRefused extends Error {
  override name = "TokenRefused";
}

/** Milliseconds since the epoch at which the JWT expires; Infinity where it does not say. */
export function expiryOf(token: string): number {
  const exp = claimOf(token, "exp");
  return typeof exp === "number" ? exp * 1000 : Infinity;
}

/** What a page shows goes by it, and nothing else: the server judges every request by the verified token. */
export function roleOf(token: string): string {
  const role = claimOf(token, "role");
  return typeof role === "string" ? role : "agent";
}

/** The user's name, as calls have it; empty where the token names nobody. */
export function agentOf(token: string): string {
  const agent = claimOf(token, "agent");
  return typeof agent === "string" ? agent : "";
}

export function isSupervisor(token: string): boolean {
  return roleOf(token) === "supervisor";
}

function claimOf(token: string, name: string): unknown {
  const claims = token.split(".")[1];
  if (!claims) return undefined;
  try {
    return (JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))) as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A token that was handed over once and cannot be renewed (a link for a short look). */
export function fixedToken(token: string): TokenSource {
  return { current: () => Promise.resolve(token), expire: () => undefined };
}
