import { backoffMs } from "./backoff";
import type { PanelChannel } from "./channel";
import type { Clock, Random } from "./clock";
import { Frames, type Frame, askMessage, protocolsOf, subscribeMessage } from "./desktopWire";
import type { Operation } from "./graphql";
import { PendingQuestions } from "./questions";
import type { LinkState, Listener, Socket } from "./realtime";
import { type TokenSource, expiryOf } from "./token";

export interface DesktopPorts {
  url: string;
  token: TokenSource;
  clock: Clock;
  random: Random;
  openSocket: (url: string, protocols: string[]) => Socket;
}

interface Subscription {
  operation: Operation<unknown, unknown>;
  variables: unknown;
  listener: Listener<unknown>;
  cancelStartWatch: () => void;
}

const OPEN_PATIENCE_MS = 10_000;
const ACK_PATIENCE_MS = 10_000;
const PONG_PATIENCE_MS = 10_000;
const STABLE_MS = 10_000;
/** API Gateway ends a connection after ten minutes without a message. */
const PING_AFTER_MS = 120_000;
/** And after two hours in any case. */
const RENEW_AFTER_MS = 110 * 60_000;
/** By when the token source has a new token, see RefreshedToken. */
const BEFORE_EXPIRY_MS = 55_000;
const SOONEST_RENEWAL_MS = 30_000;
/** What was on its way over the old connection still arrives; what arrives by both is dropped by its number. */
const LINGER_MS = 2_000;

/**
 * Subscriptions and questions over one connection to API Gateway's WebSocket API. Before the connection or its token
 * runs out the next one is opened beside it, so that nothing is missed and nothing is seen of it.
 */
export class DesktopClient implements PanelChannel {
  readonly realtime = this;
  readonly graphql = this;
  private socket: Socket | null = null;
  private state: LinkState = "stopped";
  private attempt = 0;
  private renewals = 0;
  private openedAt = 0;
  private nextId = 1;
  private fresh: Socket | null = null;
  private readonly leaving = new Map<Socket, () => void>();
  private readonly questions: PendingQuestions;
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly watchers = new Set<(state: LinkState) => void>();
  private cancelRetry: () => void = () => undefined;
  private cancelWatch: () => void = () => undefined;
  private cancelRenewal: () => void = () => undefined;

  constructor(private readonly ports: DesktopPorts) {
    this.questions = new PendingQuestions(ports.clock, () => this.ping());
  }

  start(): void {
    if (this.state === "stopped") this.connect();
  }

  stop(): void {
    this.enter("stopped");
    this.drop();
    this.cancelRetry();
  }

  wake(): void {
    if (this.state !== "waiting") return;
    this.cancelRetry();
    this.connect();
  }

  watch(watcher: (state: LinkState) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.state);
    return () => this.watchers.delete(watcher);
  }

  subscribe<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables, listener: Listener<Result>): () => void {
    const id = String(this.nextId++);
    this.subscriptions.set(id, {
      operation,
      variables,
      listener: { ...listener, onData: (data) => listener.onData(data as Result) },
      cancelStartWatch: () => undefined,
    });
    if (this.state === "open") this.startSubscription(id);
    return () => this.unsubscribe(id);
  }

  ask<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    const answer = this.questions.add(operation.name, operation.roots, variables);
    if (this.state === "open") this.sendQuestions();
    return answer as Promise<Result>;
  }

  private unsubscribe(id: string): void {
    this.subscriptions.get(id)?.cancelStartWatch();
    if (this.subscriptions.delete(id) && this.state === "open") this.say(JSON.stringify({ action: "unsubscribe", id }));
  }

  private connect(): void {
    this.enter("connecting");
    this.ports.token.current().then(
      (token) => {
        if (this.state !== "connecting") return;
        this.socket = this.openSocket(token, () => this.opened(token));
        this.expectWithin(OPEN_PATIENCE_MS);
      },
      () => this.retry(),
    );
  }

  private openSocket(token: string, onOpen: () => void): Socket {
    const socket = this.ports.openSocket(this.ports.url, protocolsOf(token));
    const frames = new Frames();
    socket.onopen = onOpen;
    socket.onmessage = (event) => this.receive(frames.take(event.data));
    socket.onclose = () => this.closed(socket);
    return socket;
  }

  private closed(socket: Socket): void {
    if (this.leaving.has(socket)) return this.leave(socket);
    if (socket === this.fresh) return this.renewLater();
    // A browser is not told why a connection was refused; the token is the likeliest reason.
    if (this.state === "connecting") this.ports.token.expire();
    this.retry();
  }

  private opened(token: string): void {
    this.openedAt = this.ports.clock.now();
    this.enter("open");
    this.renewalsFor(token);
    for (const id of this.subscriptions.keys()) this.startSubscription(id);
    this.sendQuestions();
    this.pingWhenQuiet();
  }

  private renewalsFor(token: string): void {
    this.renewals = 0;
    const untilExpiry = expiryOf(token) - this.ports.clock.now() - BEFORE_EXPIRY_MS;
    const wait = Math.max(SOONEST_RENEWAL_MS, Math.min(RENEW_AFTER_MS, untilExpiry));
    this.cancelRenewal = this.ports.clock.after(wait, () => this.renew());
  }

  /** Opens the next connection beside this one, which goes on until the next has all subscriptions. */
  private renew(): void {
    const { socket } = this;
    this.ports.token.current().then(
      (token) => {
        if (this.state !== "open" || this.socket !== socket) return;
        this.fresh = this.openSocket(token, () => this.changeOver(token));
        this.cancelRenewal = this.ports.clock.after(OPEN_PATIENCE_MS, () => this.renewLater());
      },
      () => this.socket === socket && this.renewLater(),
    );
  }

  private renewLater(): void {
    this.cancelRenewal();
    discard(this.fresh);
    this.fresh = null;
    if (this.state !== "open") return;
    this.cancelRenewal = this.ports.clock.after(backoffMs(this.renewals++, this.ports.random), () => this.renew());
  }

  private changeOver(token: string): void {
    const old = this.socket;
    this.cancelRenewal();
    this.socket = this.fresh;
    this.fresh = null;
    if (old) this.leaving.set(old, this.ports.clock.after(LINGER_MS, () => this.leave(old)));
    this.opened(token);
  }

  private leave(socket: Socket): void {
    this.leaving.get(socket)?.();
    this.leaving.delete(socket);
    discard(socket);
  }

  private receive(frame: Frame | null): void {
    if (frame === null) return;
    if (this.state === "open") this.pingWhenQuiet();
    switch (frame.type) {
      case "data":
        return this.deliver(frame);
      case "subscribed":
        return this.started(frame.id);
      case "complete":
        // The server ended a subscription that we still want.
        return this.subscriptions.has(frame.id) ? this.startSubscription(frame.id) : undefined;
      case "answer":
        return this.questions.answered(frame.id, frame.data);
      case "error":
        return this.failed(frame.id ?? "", frame.error);
      case "pong":
        return;
    }
  }

  private startSubscription(id: string): void {
    const subscription = this.subscriptions.get(id);
    const root = subscription?.operation.roots[0];
    if (!subscription || !root) return;
    subscription.cancelStartWatch();
    subscription.cancelStartWatch = this.ports.clock.after(ACK_PATIENCE_MS, () => this.retry());
    this.say(subscribeMessage(id, root, subscription.variables));
  }

  private started(id: string): void {
    const subscription = this.subscriptions.get(id);
    subscription?.cancelStartWatch();
    subscription?.listener.onStarted();
  }

  private deliver(frame: Extract<Frame, { type: "data" }>): void {
    const told = frame.messages ?? [frame.assignment];
    for (const each of told) {
      const subscription = this.subscriptions.get(frame.id);
      const name = subscription?.operation.roots[0]?.name;
      if (name !== undefined) subscription?.listener.onData({ [name]: each });
    }
  }

  private failed(id: string, error: { type: string; message: string }): void {
    if (error.type === "UnauthorizedException") {
      if (!this.questions.repeat(id)) this.questions.refused(id, error.message, error.type);
      this.ports.token.expire();
      return this.retry();
    }
    if (this.questions.refused(id, error.message, error.type)) return;
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    if (error.type === "Unavailable") return this.retry();
    this.subscriptions.delete(id);
    subscription.cancelStartWatch();
    subscription.listener.onRefused(error.message);
  }

  private sendQuestions(): void {
    this.questions.send((id, roots, variables) => this.say(askMessage(id, roots, variables)));
  }

  private say(text: string): void {
    this.socket?.send(text);
    if (this.state === "open") this.pingWhenQuiet();
  }

  /** No answer to a ping means that the connection is dead, whatever the socket believes. */
  private pingWhenQuiet(): void {
    this.cancelWatch();
    this.cancelWatch = this.ports.clock.after(PING_AFTER_MS, () => this.ping());
  }

  private ping(): void {
    if (this.state !== "open") return;
    this.socket?.send(JSON.stringify({ action: "ping" }));
    this.expectWithin(PONG_PATIENCE_MS);
  }

  private expectWithin(ms: number): void {
    this.cancelWatch();
    this.cancelWatch = this.ports.clock.after(ms, () => this.retry());
  }

  private retry(): void {
    if (this.state === "stopped" || this.state === "waiting") return;
    // A server that accepts and drops at once must not be stormed: only a connection that lasted starts the count anew.
    if (this.state === "open" && this.ports.clock.now() - this.openedAt >= STABLE_MS) this.attempt = 0;
    this.drop();
    this.enter("waiting");
    this.cancelRetry = this.ports.clock.after(backoffMs(this.attempt++, this.ports.random), () => this.connect());
  }

  private drop(): void {
    this.cancelWatch();
    this.cancelRenewal();
    for (const subscription of this.subscriptions.values()) subscription.cancelStartWatch();
    for (const socket of [...this.leaving.keys()]) this.leave(socket);
    for (const socket of [this.fresh, this.socket]) discard(socket);
    this.fresh = this.socket = null;
    this.questions.lost();
  }

  private enter(state: LinkState): void {
    this.state = state;
    for (const watcher of this.watchers) watcher(state);
  }
}

function discard(socket: Socket | null): void {
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
}
