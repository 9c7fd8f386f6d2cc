import { backoffMs } from "./backoff";
import type { Clock, Random } from "./clock";
import type { Operation } from "./graphql";
import type { TokenSource } from "./token";
import {
  type ServerMessage,
  headerProtocol,
  isUnauthorised,
  parseMessage,
  startMessage,
} from "./wire";

/** The part of the browser's WebSocket that is used. */
export interface Socket {
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: unknown) => void) | null;
  send: (data: string) => void;
  close: () => void;
}

export type LinkState = "connecting" | "open" | "waiting" | "stopped";

export interface Listener<Result> {
  /** From now on nothing that is published is missed; what came before has to be asked for. Again after each reconnect. */
  onStarted: () => void;
  onData: (data: Result) => void;
  /** The server will not serve this subscription, and asking again would not help. */
  onRefused: (reason: string) => void;
}

export interface RealtimePorts {
  url: string;
  /** The GraphQL API's host name, which AppSync wants in the authorisation. */
  host: string;
  token: TokenSource;
  clock: Clock;
  random: Random;
  openSocket: (url: string, protocols: string[]) => Socket;
}

interface Subscription {
  text: string;
  variables: unknown;
  listener: Listener<unknown>;
  cancelStartWatch: () => void;
}

const ACK_PATIENCE_MS = 10_000;
const QUIET_MS = 300_000;
const STABLE_MS = 10_000;

/**
 * One socket that carries all subscriptions of the panel, kept alive for as long as the panel is open.
 *
 * Own code because Amplify's client always speaks wss:// (the embedded stack has no certificate) and brings hundreds
 * of kilobytes. Only transport lives here: what was missed is asked for by ContactFeed.
 */
export class RealtimeClient {
  private socket: Socket | null = null;
  private state: LinkState = "stopped";
  private attempt = 0;
  private openedAt = 0;
  private quietMs = QUIET_MS;
  private nextId = 1;
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly watchers = new Set<(state: LinkState) => void>();
  private cancelRetry: () => void = () => undefined;
  private cancelWatch: () => void = () => undefined;

  constructor(private readonly ports: RealtimePorts) {}

  start(): void {
    if (this.state === "stopped") this.connect();
  }

  stop(): void {
    this.enter("stopped");
    this.drop();
    this.cancelRetry();
  }

  /** The network came back, or the page was brought to the front: don't sit out the wait. */
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
    const id = String(this.nextId++);
    this.subscriptions.set(id, {
      text: operation.text,
      variables,
      listener: { ...listener, onData: (data) => listener.onData(data as Result) },
      cancelStartWatch: () => undefined,
    });
    if (this.state === "open") this.startSubscription(id);
    return () => this.unsubscribe(id);
  }

  private unsubscribe(id: string): void {
    this.subscriptions.get(id)?.cancelStartWatch();
    if (this.subscriptions.delete(id) && this.state === "open") this.socket?.send(JSON.stringify({ id, type: "stop" }));
  }

  private connect(): void {
    this.enter("connecting");
    this.ports.token.current().then(
      (token) => this.state === "connecting" && this.openSocket(token),
      () => this.retry(),
    );
  }

  private openSocket(token: string): void {
    const authorization = { host: this.ports.host, Authorization: token };
    const socket = this.ports.openSocket(this.ports.url, ["graphql-ws", headerProtocol(authorization)]);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "connection_init" }));
    socket.onmessage = (event) => this.receive(parseMessage(event.data));
    socket.onclose = () => this.retry();
    this.expectWithin(ACK_PATIENCE_MS);
  }

  private receive(message: ServerMessage | null): void {
    if (message === null) return;
    if (this.state === "open") this.expectWithin(this.quietMs);
    switch (message.type) {
      case "connection_ack":
        return this.opened(message.payload?.connectionTimeoutMs ?? QUIET_MS);
      case "start_ack":
        return this.started(message.id);
      case "data":
        return this.deliver(message);
      case "error":
      case "connection_error":
        return this.failed(message);
      case "complete":
        // The server ended a subscription that we still want.
        return this.subscriptions.has(message.id) ? this.startSubscription(message.id) : undefined;
      case "ka":
        return;
    }
  }

  private opened(quietMs: number): void {
    this.quietMs = quietMs;
    this.openedAt = this.ports.clock.now();
    this.enter("open");
    this.expectWithin(quietMs);
    for (const id of this.subscriptions.keys()) this.startSubscription(id);
  }

  private startSubscription(id: string): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    subscription.cancelStartWatch();
    subscription.cancelStartWatch = this.ports.clock.after(ACK_PATIENCE_MS, () => this.retry());
    const { socket } = this;
    // The connection may be older than its token.
    this.ports.token.current().then(
      (token) => {
        if (this.socket !== socket || this.subscriptions.get(id) !== subscription) return;
        socket?.send(startMessage(id, subscription.text, subscription.variables, { host: this.ports.host, Authorization: token }));
      },
      () => this.socket === socket && this.retry(),
    );
  }

  private started(id: string): void {
    const subscription = this.subscriptions.get(id);
    subscription?.cancelStartWatch();
    subscription?.listener.onStarted();
  }

  private deliver(message: Extract<ServerMessage, { type: "data" }>): void {
    const data = message.payload?.data;
    if (data !== undefined && data !== null) this.subscriptions.get(message.id)?.listener.onData(data);
  }

  private failed(message: Extract<ServerMessage, { type: "error" | "connection_error" }>): void {
    const errors = message.payload?.errors;
    if (isUnauthorised(errors)) {
      this.ports.token.expire();
      return this.retry();
    }
    const id = message.type === "error" ? message.id : undefined;
    const subscription = id === undefined ? undefined : this.subscriptions.get(id);
    if (subscription && id !== undefined) {
      this.subscriptions.delete(id);
      subscription.cancelStartWatch();
      return subscription.listener.onRefused(errors?.[0]?.message ?? errors?.[0]?.errorType ?? "refused");
    }
    this.retry();
  }

  /** No message within `ms` means that the connection is dead, whatever the socket believes. */
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
    for (const subscription of this.subscriptions.values()) subscription.cancelStartWatch();
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private enter(state: LinkState): void {
    this.state = state;
    for (const watcher of this.watchers) watcher(state);
  }
}
