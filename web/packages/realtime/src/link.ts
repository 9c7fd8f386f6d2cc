import { backoffMs } from "./backoff";
import type { LinkState, Listener, Realtime } from "./channel";
import type { Clock, Random } from "./clock";
import type { Operation, TokenSource } from "@sotto/api";
import type { Heard, Protocol } from "./protocol";
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
const PATIENCE_MS = 10_000;
const STABLE_MS = 10_000;
/** What was on its way over the old connection still arrives; what arrives by both is dropped by its number. */
const LINGER_MS = 2_000;

/**
 * One connection that carries all subscriptions of the panel, kept alive for as long as the panel is open: made again
 * after a wait when it breaks, and where a protocol's connections end by themselves, changed for the next before that.
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
  private fresh: Socket | null = null;
  private readonly leaving = new Map<Socket, () => void>();
  private readonly subscriptions: Subscriptions;
  private readonly watchers = new Set<(state: LinkState) => void>();
  private cancelRetry: () => void = () => undefined;
  private cancelWatch: () => void = () => undefined;
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
    return () => this.subscriptions.remove(id) && this.say(this.protocol.unsubscribeMessage(id));
  }

  get isOpen(): boolean {
    return this.state === "open";
  }

  /** Says it over the open connection; nothing where there is none. */
  say(text: string): void {
    if (this.isOpen) this.socket?.send(text);
  }

  /** No answer within `PATIENCE_MS` means that the connection is dead, whatever the socket believes. */
  probe(): void {
    if (!this.isOpen || this.isProbing) return;
    if (this.protocol.ping === undefined) return this.retry();
    this.isProbing = true;
    this.say(this.protocol.ping);
    this.watchFor(PATIENCE_MS, () => this.retry());
  }

  private connect(): void {
    this.enter("connecting");
    this.ports.token.current().then(
      (token) => {
        if (this.state !== "connecting") return;
        this.socket = this.dial(token);
        this.watchFor(PATIENCE_MS, () => this.retry());
      },
      () => this.retry(),
    );
  }

  private dial(token: string): Socket {
    const { greeting, quietMs } = this.protocol;
    const socket = this.ports.openSocket(this.ports.url, this.protocol.subprotocols(token));
    const read = this.protocol.reader();
    socket.onopen = () => (greeting === undefined ? this.opened(socket, token, quietMs) : socket.send(greeting));
    socket.onmessage = (event) => {
      const heard = read(event.data);
      if (heard?.type === "opened") this.opened(socket, token, heard.quietMs);
      else if (heard !== null) this.receive(heard);
    };
    socket.onclose = () => this.closed(socket);
    return socket;
  }

  private closed(socket: Socket): void {
    if (this.leaving.has(socket)) return this.leave(socket);
    if (socket === this.fresh) return this.renewLater();
    // The token is the likeliest reason.
    if (this.state === "connecting" && this.protocol.hidesRefusals) this.ports.token.expire();
    this.retry();
  }

  private opened(socket: Socket, token: string, quietMs: number): void {
    if (socket === this.fresh) this.changeOver(socket);
    this.quietMs = quietMs;
    this.openedAt = this.ports.clock.now();
    this.enter("open");
    this.renewals = 0;
    const lasts = this.protocol.renewAfterMs?.(token);
    if (lasts !== undefined) this.cancelRenewal = this.ports.clock.after(lasts, () => this.renew());
    for (const id of this.subscriptions.ids) this.startSubscription(id);
    this.protocol.onOpen?.();
    this.heard();
  }

  /** Opens the next connection beside this one, which goes on until the next has all subscriptions. */
  private renew(): void {
    const { socket } = this;
    this.ports.token.current().then(
      (token) => {
        if (!this.isOpen || this.socket !== socket) return;
        this.fresh = this.dial(token);
        this.cancelRenewal = this.ports.clock.after(PATIENCE_MS, () => this.renewLater());
      },
      () => this.socket === socket && this.renewLater(),
    );
  }

  private renewLater(): void {
    this.cancelRenewal();
    discard(this.fresh);
    this.fresh = null;
    if (!this.isOpen) return;
    this.cancelRenewal = this.ports.clock.after(backoffMs(this.renewals++, this.ports.random), () => this.renew());
  }

  private changeOver(fresh: Socket): void {
    const old = this.socket;
    this.cancelRenewal();
    this.socket = fresh;
    this.fresh = null;
    if (old) this.leaving.set(old, this.ports.clock.after(LINGER_MS, () => this.leave(old)));
  }

  private leave(socket: Socket): void {
    this.leaving.get(socket)?.();
    this.leaving.delete(socket);
    discard(socket);
  }

  private receive(heard: Exclude<Heard, { type: "opened" }>): void {
    if (this.isOpen) this.heard();
    switch (heard.type) {
      case "data":
        return this.deliver(heard.id, heard.told);
      case "started":
        return this.subscriptions.started(heard.id);
      case "ended":
        return this.startSubscription(heard.id);
      case "refused":
        return this.subscriptions.refused(heard.id, heard.reason);
      case "unavailable":
        return this.subscriptions.get(heard.id) && this.retry();
      case "unauthorised":
        this.ports.token.expire();
        return this.retry();
      case "broken":
        return this.retry();
      case "alive":
        return;
    }
  }

  private deliver(id: string, told: readonly unknown[]): void {
    for (const each of told) {
      const subscription = this.subscriptions.get(id);
      subscription?.listener.onData(this.protocol.resultOf?.(subscription.operation, each) ?? each);
    }
  }

  private startSubscription(id: string): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    this.subscriptions.expect(subscription);
    const message = this.protocol.subscribeMessage(id, subscription.operation, subscription.variables);
    if (typeof message === "string") return this.say(message);
    const { socket } = this;
    message.then(
      (text) => this.socket === socket && this.subscriptions.get(id) === subscription && this.say(text),
      () => this.socket === socket && this.retry(),
    );
  }

  private watchFor(ms: number, act: () => void): void {
    this.cancelWatch();
    this.cancelWatch = this.ports.clock.after(ms, act);
  }

  private heard(): void {
    this.isProbing = false;
    this.watchFor(this.quietMs, () => this.probe());
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
    this.cancelWatch();
    this.cancelRenewal();
    this.subscriptions.lost();
    for (const socket of [...this.leaving.keys()]) this.leave(socket);
    for (const socket of [this.fresh, this.socket]) discard(socket);
    this.fresh = this.socket = null;
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
