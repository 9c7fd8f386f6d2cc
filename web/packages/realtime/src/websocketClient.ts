import type { PanelChannel } from "./channel";
import { Frames, type Frame, askMessage, protocolsOf, resultOf, subscribeMessage, unsubscribeMessage } from "./websocketMessages";
import { expiryOf, type Operation } from "@sotto/api";
import { Link, type LinkPorts } from "./link";
import type { Heard, Protocol } from "./protocol";
import { PendingQuestions } from "./pendingRequests";

/** API Gateway ends a connection after two hours. */
const RENEW_AFTER_MS = 110 * 60_000;
/** By when the token source has a new token, see RefreshedToken. */
const BEFORE_EXPIRY_MS = 55_000;
const SOONEST_RENEWAL_MS = 30_000;

/** Subscriptions and questions over one connection to API Gateway's WebSocket API. */
export class DesktopClient implements PanelChannel, Protocol {
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
  private readonly questions: PendingQuestions;

  constructor(private readonly ports: LinkPorts) {
    this.realtime = new Link(ports, this);
    this.questions = new PendingQuestions(ports.clock, () => this.realtime.probe());
  }

  ask<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    const answer = this.questions.add(operation.name, operation.fields, variables);
    if (this.realtime.isOpen) this.onOpen();
    return answer as Promise<Result>;
  }

  onOpen(): void {
    this.questions.send((id, fields, variables) => this.realtime.say(askMessage(id, fields, variables)));
  }

  readonly onLost = (): void => this.questions.lost();

  reader(): (data: unknown) => Heard | null {
    const frames = new Frames();
    return (data) => {
      const frame = frames.take(data);
      return frame && this.heardIn(frame);
    };
  }

  renewAfterMs(token: string): number {
    const untilExpiry = expiryOf(token) - this.ports.clock.now() - BEFORE_EXPIRY_MS;
    return Math.max(SOONEST_RENEWAL_MS, Math.min(RENEW_AFTER_MS, untilExpiry));
  }

  private heardIn(frame: Frame): Heard {
    switch (frame.type) {
      case "data":
        return { type: "data", id: frame.id, told: frame.messages ?? [frame.assignment] };
      case "subscribed":
        return { type: "started", id: frame.id };
      case "complete":
        return { type: "ended", id: frame.id };
      case "error":
        return this.failed(frame.id ?? "", frame.error);
      case "answer":
        this.questions.answered(frame.id, frame.data);
        return { type: "alive" };
      default:
        return { type: "alive" };
    }
  }

  private failed(id: string, error: { type: string; message: string }): Heard {
    const isRepeated = error.type === "UnauthorizedException" && this.questions.repeat(id);
    const isQuestion = isRepeated || this.questions.refused(id, error.message, error.type);
    if (error.type === "UnauthorizedException") return { type: "unauthorised" };
    if (isQuestion) return { type: "alive" };
    return error.type === "Unavailable" ? { type: "unavailable", id } : { type: "refused", id, reason: error.message };
  }
}
