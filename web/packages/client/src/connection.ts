import { GraphqlClient, type TokenSource } from "@sotto/api";
import { AppSyncProtocol, type Clock, Link, type PanelChannel, type Requests, type Socket, WatchedLine, WebSocketClient } from "@sotto/realtime";
import type { Config } from "./config";
import { tokenSource } from "./token";

/** A page's ways to the server, as the user whom its token names. */
export interface Connection {
  /** Not started yet: whoever needs messages starts it. */
  readonly realtime: WatchedLine;
  readonly graphql: Requests;
  readonly token: TokenSource;
}

export function connect(config: Config, clock: Clock): Connection {
  const token = tokenSource(config, (url, init) => fetch(url, init), clock);
  const { realtime: link, graphql } = channelOf(config, token, clock);
  const realtime = new WatchedLine(link, { clock, reach: reachPage });
  wakeWithThePage(realtime);
  return { realtime, graphql, token };
}

function channelOf(config: Config, token: TokenSource, clock: Clock): PanelChannel {
  const openSocket = (url: string, protocols: string[]): Socket => new WebSocket(url, protocols) as Socket;
  const common = { token, clock, random: Math.random, openSocket };
  if (config.channel === "websocket") return new WebSocketClient({ ...common, url: config.websocketUrl ?? "" });
  const [graphqlUrl, url] = [config.graphqlUrl ?? "", config.realtimeUrl ?? ""];
  const realtime = new Link({ ...common, url }, new AppSyncProtocol(new URL(graphqlUrl).host, token));
  return { realtime, graphql: new GraphqlClient(graphqlUrl, token) };
}

/** Longer than anyone waits for a line that works. */
const REACH_TIMEOUT_MS = 5_000;

/** What lies beside the page costs no function's run. A page that nobody sees need not know. */
async function reachPage(): Promise<void> {
  if (document.visibilityState === "hidden") return;
  await fetch("config.json", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
}

function wakeWithThePage(realtime: WatchedLine): void {
  window.addEventListener("online", () => realtime.wake());
  window.addEventListener("offline", () => realtime.cut());
  if (!navigator.onLine) realtime.cut();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && realtime.wake());
}
