import { GraphqlClient, type TokenSource, isSupervisor } from "@sotto/api";
import {
  AppSyncProtocol,
  AssignmentFeed,
  type Clock,
  Link,
  LiveContactsFeed,
  type PanelChannel,
  type Socket,
  WatchedLine,
  WebSocketClient,
  systemClock,
} from "@sotto/realtime";
import { feedbackStoreIn } from "./call/feedbackStore";
import { type PastCalls, pastCalls } from "./call/pastCalls";
import { answerStoreIn } from "./call/questions";
import { Session } from "./call/session";
import type { Config } from "./host/config";
import type { Host } from "./host/host";
import { tokenSource } from "./host/token";

export interface Started {
  readonly session: Session;
  /** The list of live calls, for a supervisor. */
  readonly liveContacts: LiveContactsFeed | null;
  readonly pastCalls: PastCalls;
}

/** Connects what the panel is made of; the one place that knows all parts. */
export async function startSession(config: Config, host: Host, clock: Clock = systemClock): Promise<Started> {
  const agent = (await host.agent()) ?? config.agent ?? null;
  const token = tokenSource(agent === null ? config : { ...config, agent }, (url, init) => fetch(url, init), clock);
  const { realtime: link, graphql } = channelOf(config, token, clock);
  const realtime = new WatchedLine(link, { clock, reach: reachPanel });
  const ports = { realtime, graphql, clock, random: Math.random, feedbackStore: feedbackStoreIn(() => sessionStorage), answers: answerStoreIn(() => sessionStorage) };
  const supervising = await isSupervising(config, token);
  const session = new Session(ports, supervising);
  realtime.start();
  wakeWithThePage(realtime);
  const followed = host.followContact((contactId) => session.follow(contactId));
  if (!followed.known && agent !== null && !supervising) {
    new AssignmentFeed(
      agent,
      ports,
      (contactId) => session.follow(contactId),
      (reason) => session.refuse(reason),
    ).open();
  }
  const past = pastCalls(graphql, config.playAgainUrl, (url, init) => fetch(url, init));
  return { session, liveContacts: supervising ? new LiveContactsFeed(ports) : null, pastCalls: past };
}

function channelOf(config: Config, token: TokenSource, clock: Clock): PanelChannel {
  const openSocket = (url: string, protocols: string[]): Socket => new WebSocket(url, protocols) as Socket;
  const common = { token, clock, random: Math.random, openSocket };
  if (config.channel === "websocket") return new WebSocketClient({ ...common, url: config.websocketUrl ?? "" });
  const [graphqlUrl, url] = [config.graphqlUrl ?? "", config.realtimeUrl ?? ""];
  const realtime = new Link({ ...common, url }, new AppSyncProtocol(new URL(graphqlUrl).host, token));
  return { realtime, graphql: new GraphqlClient(graphqlUrl, token) };
}

/**
 * Whether this panel is a supervisor's. Inside a desktop it is an agent's, whatever the token says: supervisors take calls
 * too. Without a token the panel opens as an agent's and says that it cannot connect.
 */
async function isSupervising(config: Config, token: TokenSource): Promise<boolean> {
  if ((config.host ?? "standalone") !== "standalone") return false;
  return token.current().then(isSupervisor, () => false);
}

/** Longer than anyone waits for a line that works. */
const REACH_TIMEOUT_MS = 5_000;

/** What lies beside the panel costs no function's run. A page that nobody sees need not know. */
async function reachPanel(): Promise<void> {
  if (document.visibilityState === "hidden") return;
  await fetch("config.json", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
}

function wakeWithThePage(realtime: WatchedLine): void {
  window.addEventListener("online", () => realtime.wake());
  window.addEventListener("offline", () => realtime.cut());
  if (!navigator.onLine) realtime.cut();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && realtime.wake());
}
