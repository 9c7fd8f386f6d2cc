import type { Operation, TokenSource } from "@sotto/api";
import { backoffMs } from "./backoff";
import type { LinkState, Listener, Realtime } from "./channel";
import type { Clock, Random } from "./clock";
import type { Protocol, ServerEvent } from "./protocol";
import { Subscriptions } from "./subscriptions";

/** The part of the browser's WebSocket that is used. */
export interface Socket {
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: unknown) => void) | null;
  send: (data: string) => void;
  close: () => void;
}

export interface LinkPorts {
  url: string;
  token: TokenSource;
  clock: Clock;
  random: Random;
  openSocket: (url: string, protocols: string[]) => Socket;
}

/** For a socket to open, a greeting to be answered, a ping to be. */
const TIMEOUT_MS = 10_000;
const STABLE_MS = 10_000;
/** What was on its way over the old connection still arrives; what arrives by both is dropped by its number. */
const DRAIN_MS = 2_000;

/**
 * One connection that carries all subscriptions of the panel, kept alive for as long as the panel is open: made again
 * after a wait when it breaks, and where a protocol's connections end by themselves, replaced by the next before that.
 *
 * Only transport lives here: what was missed is asked for by ContactFeed.
 */
export class Link implements Realtime {
  private socket: Socket | null = null;
  private state: LinkState = "stopped";
  private attempt = 0;
  private renewals = 0;
  private openedAt = 0;
  private quietMs = 0;
  private isProbing = false;
  private next: Socket | null = null;
  private readonly draining = new Map<Socket, () => void>();
  private readonly subscriptions: Subscriptions;
  private readonly watchers = new Set<(state: LinkState) => void>();
  private cancelRetry: () => void = () => undefined;
  private cancelWatchdog: () => void = () => undefined;
  private cancelRenewal: () => void = () => undefined;

  constructor(
    private readonly ports: LinkPorts,
    private readonly protocol: Protocol,
  ) {
    this.subscriptions = new Subscriptions(ports.clock, () => this.retry());
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

  subscribe<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    listener: Listener<Result>,
  ): () => void {
    const id = this.subscriptions.add(operation, variables, listener);
    if (this.isOpen) this.startSubscription(id);
    return () => this.subscriptions.remove(id) && this.send(this.protocol.unsubscribeMessage(id));
  }

  get isOpen(): boolean {
    return this.state === "open";
  }

  /** Sends over the open connection; does nothing where there is none. */
  send(text: string): void {
    if (this.isOpen) this.socket?.send(text);
  }

  /** No answer within `TIMEOUT_MS` means that the connection is dead, whatever the socket believes. */
  probe(): void {
    if (!this.isOpen || this.isProbing) return;
    if (this.protocol.ping === undefined) return this.retry();
    this.isProbing = true;
    this.send(this.protocol.ping);
    this.setWatchdog(TIMEOUT_MS, () => this.retry());
  }

  private connect(): void {
    this.enter("connecting");
    this.ports.token.current().then(
      (token) => {
        if (this.state !== "connecting") return;
        this.socket = this.open(token);
        this.setWatchdog(TIMEOUT_MS, () => this.retry());
      },
      () => this.retry(),
    );
  }

  private open(token: string): Socket {
    const { greeting, quietMs } = this.protocol;
    const socket = this.ports.openSocket(this.ports.url, this.protocol.subprotocols(token));
    const read = this.protocol.reader();
    socket.onopen = () => (greeting === undefined ? this.opened(socket, token, quietMs) : socket.send(greeting));
    socket.onmessage = (event) => {
      const message = read(event.data);
      if (message?.type === "opened") this.opened(socket, token, message.quietMs);
      else if (message !== null) this.receive(message);
    };
    socket.onclose = () => this.closed(socket);
    return socket;
  }

  private closed(socket: Socket): void {
    if (this.draining.has(socket)) return this.closeDrained(socket);
    if (socket === this.next) return this.retryRenewal();
    // The token is the likeliest reason.
    if (this.state === "connecting" && this.protocol.hidesRefusals) this.ports.token.expire();
    this.retry();
  }

  private opened(socket: Socket, token: string, quietMs: number): void {
    if (socket === this.next) this.switchTo(socket);
    this.quietMs = quietMs;
    this.openedAt = this.ports.clock.now();
    this.enter("open");
    this.renewals = 0;
    const lasts = this.protocol.renewAfterMs?.(token);
    if (lasts !== undefined) this.cancelRenewal = this.ports.clock.after(lasts, () => this.renew());
    for (const id of this.subscriptions.ids) this.startSubscription(id);
    this.protocol.onOpen?.();
    this.keepAlive();
  }

  /** Opens the next connection beside this one, which goes on until the next has all subscriptions. */
  private renew(): void {
    const { socket } = this;
    this.ports.token.current().then(
      (token) => {
        if (!this.isOpen || this.socket !== socket) return;
        this.next = this.open(token);
        this.cancelRenewal = this.ports.clock.after(TIMEOUT_MS, () => this.retryRenewal());
      },
      () => this.socket === socket && this.retryRenewal(),
    );
  }

  private retryRenewal(): void {
    this.cancelRenewal();
    discard(this.next);
    this.next = null;
    if (!this.isOpen) return;
    this.cancelRenewal = this.ports.clock.after(backoffMs(this.renewals++, this.ports.random), () => this.renew());
  }

  private switchTo(next: Socket): void {
    const old = this.socket;
    this.cancelRenewal();
    this.socket = next;
    this.next = null;
    if (old) this.draining.set(old, this.ports.clock.after(DRAIN_MS, () => this.closeDrained(old)));
  }

  private closeDrained(socket: Socket): void {
    this.draining.get(socket)?.();
    this.draining.delete(socket);
    discard(socket);
  }

  private receive(event: Exclude<ServerEvent, { type: "opened" }>): void {
    if (this.isOpen) this.keepAlive();
    switch (event.type) {
      case "data":
        return this.deliver(event.id, event.payloads);
      case "started":
        return this.subscriptions.started(event.id);
      case "ended":
        return this.startSubscription(event.id);
      case "refused":
        return this.subscriptions.refused(event.id, event.reason);
      case "unavailable":
        return this.subscriptions.get(event.id) && this.retry();
      case "unauthorised":
        this.ports.token.expire();
        return this.retry();
      case "broken":
        return this.retry();
      case "alive":
        return;
    }
  }

  private deliver(id: string, payloads: readonly unknown[]): void {
    for (const payload of payloads) {
      const subscription = this.subscriptions.get(id);
      subscription?.listener.onData(this.protocol.resultOf?.(subscription.operation, payload) ?? payload);
    }
  }

  private startSubscription(id: string): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    this.subscriptions.awaitAck(subscription);
    const message = this.protocol.subscribeMessage(id, subscription.operation, subscription.variables);
    if (typeof message === "string") return this.send(message);
    const { socket } = this;
    message.then(
      (text) => this.socket === socket && this.subscriptions.get(id) === subscription && this.send(text),
      () => this.socket === socket && this.retry(),
    );
  }

  private setWatchdog(ms: number, act: () => void): void {
    this.cancelWatchdog();
    this.cancelWatchdog = this.ports.clock.after(ms, act);
  }

  private keepAlive(): void {
    this.isProbing = false;
    this.setWatchdog(this.quietMs, () => this.probe());
  }

  private retry(): void {
    if (this.state === "stopped" || this.state === "waiting") return;
    // A server that accepts and drops at once must not be stormed: only a connection that lasted starts the count anew.
    if (this.isOpen && this.ports.clock.now() - this.openedAt >= STABLE_MS) this.attempt = 0;
    this.drop();
    this.enter("waiting");
    this.cancelRetry = this.ports.clock.after(backoffMs(this.attempt++, this.ports.random), () => this.connect());
  }

  private drop(): void {
    this.cancelWatchdog();
    this.cancelRenewal();
    this.subscriptions.lost();
    for (const socket of [...this.draining.keys()]) this.closeDrained(socket);
    for (const socket of [this.next, this.socket]) discard(socket);
    this.next = this.socket = null;
    this.protocol.onLost?.();
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
