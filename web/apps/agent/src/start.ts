import { type TokenSource, isSupervisor } from "@sotto/api";
import { Session, answerStoreIn, feedbackStoreIn } from "@sotto/call";
import { type Config, connect } from "@sotto/client";
import { AssignmentFeed, type Clock, LiveContactsFeed, systemClock } from "@sotto/realtime";
import type { Host } from "./host/host";
import { type PastCalls, pastCalls } from "./pastCalls";

export interface Started {
  readonly session: Session;
  /** The list of live calls, for a supervisor. */
  readonly liveContacts: LiveContactsFeed | null;
  readonly pastCalls: PastCalls;
}

/** Connects what the panel is made of; the one place that knows all parts. */
export async function startSession(config: Config, host: Host, clock: Clock = systemClock): Promise<Started> {
  const agent = (await host.agent()) ?? config.agent ?? null;
  const { realtime, graphql, token } = connect(agent === null ? config : { ...config, agent }, clock);
  const ports = { realtime, graphql, clock, random: Math.random, feedbackStore: feedbackStoreIn(() => sessionStorage), answers: answerStoreIn(() => sessionStorage) };
  const supervising = await isSupervising(config, token);
  const session = new Session(ports, supervising);
  realtime.start();
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

/**
 * Whether this panel is a supervisor's. Inside a desktop it is an agent's, whatever the token says: supervisors take calls
 * too. Without a token the panel opens as an agent's and says that it cannot connect.
 */
async function isSupervising(config: Config, token: TokenSource): Promise<boolean> {
  if ((config.host ?? "standalone") !== "standalone") return false;
  return token.current().then(isSupervisor, () => false);
}
