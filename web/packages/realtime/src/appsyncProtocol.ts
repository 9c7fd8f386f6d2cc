import type { AnyOperation, TokenSource } from "@sotto/api";
import { type ServerMessage, headerProtocol, isUnauthorised, parseMessage, startMessage, stopMessage } from "./appsyncMessages";
import type { Protocol, ServerEvent } from "./protocol";

const QUIET_MS = 300_000;

/**
 * AppSync's real-time protocol. Own code because Amplify's client always speaks wss:// (the embedded stack has no
 * certificate) and brings hundreds of kilobytes.
 */
export class AppSyncProtocol implements Protocol {
  readonly greeting = JSON.stringify({ type: "connection_init" });
  readonly quietMs = QUIET_MS;
  readonly unsubscribeMessage = stopMessage;

  /** `host`: the GraphQL API's host name, which AppSync wants in the authorisation. */
  constructor(
    private readonly host: string,
    private readonly token: TokenSource,
  ) {}

  subprotocols(token: string): string[] {
    return ["graphql-ws", headerProtocol(this.authorised(token))];
  }

  reader(): (data: unknown) => ServerEvent | null {
    return (data) => {
      const message = parseMessage(data);
      return message && eventOf(message);
    };
  }

  /** With a token of its own: the connection may be older than its token. */
  async subscribeMessage(id: string, operation: AnyOperation, variables: unknown): Promise<string> {
    return startMessage(id, operation.text, variables, this.authorised(await this.token.current()));
  }

  private authorised(token: string): { host: string; Authorization: string } {
    return { host: this.host, Authorization: token };
  }
}

function eventOf(message: ServerMessage): ServerEvent {
  switch (message.type) {
    case "connection_ack":
      return { type: "opened", quietMs: message.payload?.connectionTimeoutMs ?? QUIET_MS };
    case "start_ack":
      return { type: "started", id: message.id };
    case "data":
      return { type: "data", id: message.id, payloads: [message.payload?.data].filter((data) => data != null) };
    case "error":
    case "connection_error": {
      const errors = message.payload?.errors;
      if (isUnauthorised(errors)) return { type: "unauthorised" };
      if (message.type === "connection_error" || message.id === undefined) return { type: "broken" };
      return { type: "refused", id: message.id, reason: errors?.[0]?.message ?? errors?.[0]?.errorType ?? "refused" };
    }
    case "complete":
      return { type: "ended", id: message.id };
    default:
      // A keep-alive, or a kind that is new: the server is there.
      return { type: "alive" };
  }
}
