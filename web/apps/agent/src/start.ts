import { type TokenSource, isSupervisor } from "@sotto/api";
import { OpenChats, Session, answerStoreIn, feedbackStoreIn } from "@sotto/call";
import { type Config, connect } from "@sotto/client";
import { AssignmentFeed, type Clock, systemClock } from "@sotto/realtime";
import type { Host } from "./host/host";
import { type PastCalls, pastCalls } from "./pastCalls";
import { SharedMoments } from "./sharedMoments";

export interface Started {
  readonly session: Session;
  /** Whether the manager's app, which stands beside the panel, has something for this user. */
  readonly isSupervisor: boolean;
  readonly pastCalls: PastCalls;
  readonly chats: OpenChats;
  /** What coaches shared with the agent. */
  readonly shared: SharedMoments;
}

/** Connects what the panel is made of; the one place that knows all parts. */
export async function startSession(config: Config, host: Host, clock: Clock = systemClock): Promise<Started> {
  const agent = (await host.agent()) ?? config.agent ?? null;
  const { realtime, graphql, token } = connect(agent === null ? config : { ...config, agent }, clock);
  const ports = { realtime, graphql, clock, random: Math.random, feedbackStore: feedbackStoreIn(() => sessionStorage), answers: answerStoreIn(() => sessionStorage) };
  const session = new Session(ports);
  realtime.start();
  const followed = host.followContact((contactId) => session.follow(contactId));
  const chats = new OpenChats(ports);
  const shared = new SharedMoments(graphql);
  session.watch(() => chats.setFront(session.snapshot().contactId));
  if (agent !== null) {
    // A desktop that knows which contact is in front leaves open which chats wait behind it.
    const decides = !followed.known;
    new AssignmentFeed(
      agent,
      ports,
      (contactId) => decides && session.follow(contactId),
      (reason) => decides && session.refuse(reason),
      (contacts) => chats.setChats(contacts),
      () => void shared.refresh(),
    ).open();
  }
  const past = pastCalls(graphql, config.playAgainUrl, (url, init) => fetch(url, init));
  return { session, isSupervisor: await isSupervising(config, token), pastCalls: past, chats, shared };
}

/** Supervisors take calls too, so the panel is theirs as it is an agent's; stand-alone it also shows the way to the manager's app. */
async function isSupervising(config: Config, token: TokenSource): Promise<boolean> {
  if ((config.host ?? "standalone") !== "standalone") return false;
  return token.current().then(isSupervisor, () => false);
}
