import type { TokenSource } from "@sotto/api";
import { AppSyncProtocol } from "../src/appsyncProtocol";
import type { Realtime } from "../src/channel";
import type { Clock, Random } from "../src/clock";
import { Link, type Socket } from "../src/link";
import { WebSocketClient } from "../src/websocketClient";
import { ApiGatewaySocket } from "./apiGatewaySocket";
import { AppSyncSocket } from "./appsyncSocket";

/** The server's end of a connection, whichever protocol it speaks. */
export interface ServerSocket extends Socket {
  readonly url: string;
  readonly isClosed: boolean;
  /** Lets the connection be. */
  accept: () => void;
  /** Accepts every subscription that was asked for. */
  acceptSubscriptions: () => void;
  requested: () => string[];
  stopped: () => string[];
  /** Publishes the operation's data, such as {onContactMessage: ...}, to a subscription. */
  data: (id: string, data: Record<string, unknown>) => void;
  complete: (id: string) => void;
  refuse: (id: string, message: string) => void;
  tokenExpired: (id: string) => void;
  say: (message: object | string) => void;
  break: () => void;
}

export interface TestedProtocol {
  name: string;
  client: (ports: { token: TokenSource; clock: Clock; random: Random; open: (socket: ServerSocket) => void }) => Realtime;
}

const appsync: TestedProtocol = {
  name: "AppSync",
  client: ({ open, ...ports }) =>
    new Link(
      {
        ...ports,
        url: "wss://example.test/graphql/realtime",
        openSocket: (url, protocols) => opened(new AppSyncSocket(url, protocols), open),
      },
      new AppSyncProtocol("example.test", ports.token),
    ),
};

const websocket: TestedProtocol = {
  name: "API Gateway's WebSocket API",
  client: ({ open, ...ports }) =>
    new WebSocketClient({
      ...ports,
      url: "wss://example.test/live",
      openSocket: (url, protocols) => opened(new ApiGatewaySocket(url, protocols), open),
    }).realtime,
};

function opened<Kind extends ServerSocket>(socket: Kind, open: (socket: ServerSocket) => void): Kind {
  open(socket);
  return socket;
}

export const PROTOCOLS = [appsync, websocket];
