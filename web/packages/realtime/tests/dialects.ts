import { AppSyncProtocol } from "../src/appsyncProtocol";
import type { Realtime } from "../src/channel";
import type { Clock, Random } from "../src/clock";
import { DesktopClient } from "../src/websocketClient";
import { Link, type Socket } from "../src/link";
import type { TokenSource } from "@sotto/api";
import { DesktopSocket } from "./websocketSocket";
import { TestSocket } from "./appsyncSocket";

/** The server's end of a connection, whichever protocol it speaks. */
export interface ServersEnd extends Socket {
  readonly url: string;
  readonly isClosed: boolean;
  /** Lets the connection be. */
  accept: () => void;
  /** Accepts every subscription that was asked for. */
  acceptSubscriptions: () => void;
  asked: () => string[];
  stopped: () => string[];
  /** Publishes the operation's data, such as {onContactMessage: ...}, to a subscription. */
  data: (id: string, data: Record<string, unknown>) => void;
  complete: (id: string) => void;
  refuse: (id: string, message: string) => void;
  tokenExpired: (id: string) => void;
  say: (message: object | string) => void;
  break: () => void;
}

export interface Dialect {
  name: string;
  client: (ports: { token: TokenSource; clock: Clock; random: Random; open: (socket: ServersEnd) => void }) => Realtime;
}

const appsync: Dialect = {
  name: "AppSync",
  client: ({ open, ...ports }) =>
    new Link(
      {
        ...ports,
        url: "wss://example.test/graphql/realtime",
        openSocket: (url, protocols) => opened(new TestSocket(url, protocols), open),
      },
      new AppSyncProtocol("example.test", ports.token),
    ),
};

const desktop: Dialect = {
  name: "API Gateway's WebSocket API",
  client: ({ open, ...ports }) =>
    new DesktopClient({
      ...ports,
      url: "wss://example.test/live",
      openSocket: (url, protocols) => opened(new DesktopSocket(url, protocols), open),
    }).realtime,
};

function opened<Kind extends ServersEnd>(socket: Kind, open: (socket: ServersEnd) => void): Kind {
  open(socket);
  return socket;
}

export const DIALECTS = [appsync, desktop];
