import type { TokenSource } from "@sotto/api";
import { Session, answerStoreIn, feedbackStoreIn } from "@sotto/call";
import { type Config, connect } from "@sotto/client";
import { type Clock, LiveContactsFeed, type Requests, systemClock } from "@sotto/realtime";

export interface Started {
  /** Of the one conversation that is open; read-only. */
  readonly session: Session;
  readonly liveContacts: LiveContactsFeed;
  readonly graphql: Requests;
  readonly token: TokenSource;
}

/** Connects what the app is made of; the one place that knows all parts. */
export function startManager(config: Config, clock: Clock = systemClock): Started {
  const { realtime, graphql, token } = connect(config, clock);
  const ports = { realtime, graphql, clock, random: Math.random, feedbackStore: feedbackStoreIn(() => sessionStorage), answers: answerStoreIn(() => sessionStorage) };
  realtime.start();
  return { session: new Session(ports, true), liveContacts: new LiveContactsFeed(ports), graphql, token };
}
