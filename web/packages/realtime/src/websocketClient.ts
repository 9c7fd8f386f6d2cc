import { type Operation, expiryOf } from "@sotto/api";
import type { PanelChannel } from "./channel";
import { Link, type LinkPorts } from "./link";
import { PendingRequests } from "./pendingRequests";
import type { Protocol, ServerEvent } from "./protocol";
import { type Frame, Frames, protocolsOf, requestMessage, resultOf, subscribeMessage, unsubscribeMessage } from "./websocketMessages";

/** API Gateway ends a connection after two hours. */
const RENEW_AFTER_MS = 110 * 60_000;
/** By when the token source has a new token, see RefreshedToken. */
const BEFORE_EXPIRY_MS = 55_000;
const SOONEST_RENEWAL_MS = 30_000;

/** Subscriptions and requests over one connection to API Gateway's WebSocket API. */
export class WebSocketClient implements PanelChannel, Protocol {
  readonly realtime: Link;
  readonly graphql = this;
  /** And after ten minutes without a message. */
  readonly quietMs = 120_000;
  readonly ping = JSON.stringify({ action: "ping" });
  readonly hidesRefusals = true;
  readonly subprotocols = protocolsOf;
  readonly subscribeMessage = subscribeMessage;
  readonly unsubscribeMessage = unsubscribeMessage;
  readonly resultOf = resultOf;
  private readonly requests: PendingRequests;

  constructor(private readonly ports: LinkPorts) {
    this.realtime = new Link(ports, this);
    this.requests = new PendingRequests(ports.clock, () => this.realtime.probe());
  }

  request<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    const answer = this.requests.add(operation.name, operation.fields, variables);
    if (this.realtime.isOpen) this.onOpen();
    return answer as Promise<Result>;
  }

  onOpen(): void {
    this.requests.send((id, fields, variables) => this.realtime.send(requestMessage(id, fields, variables)));
  }

  readonly onLost = (): void => this.requests.lost();

  reader(): (data: unknown) => ServerEvent | null {
    const frames = new Frames();
    return (data) => {
      const frame = frames.take(data);
      return frame && this.eventOf(frame);
    };
  }

  renewAfterMs(token: string): number {
    const untilExpiry = expiryOf(token) - this.ports.clock.now() - BEFORE_EXPIRY_MS;
    return Math.max(SOONEST_RENEWAL_MS, Math.min(RENEW_AFTER_MS, untilExpiry));
  }

  private eventOf(frame: Frame): ServerEvent {
    switch (frame.type) {
      case "data":
        return { type: "data", id: frame.id, payloads: frame.messages ?? [frame.assignment] };
      case "subscribed":
        return { type: "started", id: frame.id };
      case "complete":
        return { type: "ended", id: frame.id };
      case "error":
        return this.onError(frame.id ?? "", frame.error);
      case "answer":
        this.requests.answered(frame.id, frame.data);
        return { type: "alive" };
      default:
        return { type: "alive" };
    }
  }

  private onError(id: string, error: { type: string; message: string }): ServerEvent {
    const isRepeated = error.type === "UnauthorizedException" && this.requests.retry(id);
    const isRequest = isRepeated || this.requests.refused(id, error.message, error.type);
    if (error.type === "UnauthorizedException") return { type: "unauthorised" };
    if (isRequest) return { type: "alive" };
    return error.type === "Unavailable" ? { type: "unavailable", id } : { type: "refused", id, reason: error.message };
  }
}
