import type { AnyOperation } from "@sotto/api";

/** What a server's message means to a link. */
export type ServerEvent =
  | { type: "opened"; quietMs: number }
  | { type: "started"; id: string }
  /** `payloads`: as the protocol carries them, see `Protocol.resultOf`. */
  | { type: "data"; id: string; payloads: readonly unknown[] }
  /** The server ended a subscription. */
  | { type: "ended"; id: string }
  | { type: "refused"; id: string; reason: string }
  /** Cannot be served now; another connection may. */
  | { type: "unavailable"; id: string }
  | { type: "unauthorised" | "broken" | "alive" };

/** One protocol of connection and subscriptions; what lives over many connections is the link's. */
export interface Protocol {
  /** Sent first and answered by `opened`; without one a connection is open as soon as its socket is. */
  readonly greeting?: string;
  /** Without a message for so long a connection is in doubt; `opened` may say otherwise. */
  readonly quietMs: number;
  /** Sent to a server in doubt; without one its silence means that the connection is dead. */
  readonly ping?: string;
  /** A token that is refused shows only as a connection that never opens. */
  readonly hidesRefusals?: boolean;
  subprotocols: (token: string) => string[];
  /** Of one connection: reads what its socket receives; null for what is no message or only a part of one. */
  reader: () => (data: unknown) => ServerEvent | null;
  subscribeMessage: (id: string, operation: AnyOperation, variables: unknown) => string | Promise<string>;
  unsubscribeMessage: (id: string) => string;
  /** A subscription's payload in the shape of its operation's result; without it, as it came. */
  resultOf?: (operation: AnyOperation, payload: unknown) => unknown;
  /** The milliseconds after which the next connection is opened beside this one; without it none is. */
  renewAfterMs?: (token: string) => number;
  onOpen?: () => void;
  /** The connection is gone, and what was under way over it. */
  onLost?: () => void;
}
