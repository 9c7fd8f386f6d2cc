import { Session } from "./call/session";
import { AssignmentFeed } from "./connection/assignmentFeed";
import { type Clock, systemClock } from "./connection/clock";
import { GraphqlClient } from "./connection/graphql";
import { RealtimeClient, type Socket } from "./connection/realtime";
import type { Config } from "./host/config";
import type { Host } from "./host/host";
import { tokenSource } from "./host/token";

/** Connects what the panel is made of; the one place that knows all parts. */
export async function startSession(config: Config, host: Host, clock: Clock = systemClock): Promise<Session> {
  const agent = (await host.agent()) ?? config.agent ?? null;
  const token = tokenSource(agent === null ? config : { ...config, agent }, (url, init) => fetch(url, init), clock);
  const graphql = new GraphqlClient(config.graphqlUrl, token);
  const realtime = new RealtimeClient({
    url: config.realtimeUrl,
    host: new URL(config.graphqlUrl).host,
    token,
    clock,
    random: Math.random,
    openSocket: (url, protocols) => new WebSocket(url, protocols) as Socket,
  });
  const ports = { realtime, graphql, clock, random: Math.random };
  const session = new Session(ports);
  realtime.start();
  wakeWithThePage(realtime);
  const followed = host.followContact((contactId) => session.follow(contactId));
  if (!followed.known && agent !== null) {
    new AssignmentFeed(
      agent,
      ports,
      (contactId) => session.follow(contactId),
      (reason) => session.refuse(reason),
    ).open();
  }
  return session;
}

function wakeWithThePage(realtime: RealtimeClient): void {
  window.addEventListener("online", () => realtime.wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && realtime.wake());
}
