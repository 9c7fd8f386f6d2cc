import type { Operation } from "@sotto/api";

/** A way to the server; there is one for AppSync and one for API Gateway's WebSocket API. */
export interface PanelChannel {
  readonly realtime: Realtime;
  readonly graphql: Requests;
}

/** `silent`: open as far as the socket knows, and yet nothing comes through. */
export type LinkState = "connecting" | "open" | "silent" | "waiting" | "stopped";

export interface Listener<Result> {
  /** From now on nothing that is published is missed; what came before has to be asked for. Again after each reconnect. */
  onStarted: () => void;
  onData: (data: Result) => void;
  /** The server will not serve this subscription, and asking again would not help. */
  onRefused: (reason: string) => void;
}

export interface Realtime {
  start: () => void;
  stop: () => void;
  /** The network came back, or the page was brought to the front: don't sit out the wait. */
  wake: () => void;
  /** The network was away: make sure that the connection has outlived it. */
  probe: () => void;
  watch: (watcher: (state: LinkState) => void) => () => void;
  subscribe: <Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    listener: Listener<Result>,
  ) => () => void;
}

export interface Requests {
  request: <Result, Variables>(operation: Operation<Result, Variables>, variables: Variables) => Promise<Result>;
}
