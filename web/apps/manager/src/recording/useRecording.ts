import { GraphqlRefused, Recordings, type RecordingsResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useCallback, useEffect, useState } from "react";
import { type Link, RecordingPlayer } from "./player";
import { type PlayableRecording, type Recording, playableOf } from "./recordings";

/** What is known of the recordings of a call: null until it is, and while the call goes on. */
export type KnownRecordings = readonly Recording[] | "refused" | "failed" | null;

interface Found {
  readonly known: KnownRecordings;
  readonly again: () => void;
}

/** Asked for anew when `changed` does: the work after the call says when a recording is ready. */
export function useRecordings(graphql: Requests, contactId: string, isOver: boolean, changed: unknown): Found {
  const [known, setKnown] = useState<KnownRecordings>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isOver) return undefined;
    let isWanted = true;
    graphql.request(Recordings, { contactId, withLinks: false }).then(
      ({ recordings }) => isWanted && setKnown(recordings),
      (error: unknown) => isWanted && setKnown(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? "refused" : "failed"),
    );
    return () => {
      isWanted = false;
    };
  }, [graphql, contactId, isOver, changed, tries]);
  const again = useCallback(() => setTries((count) => count + 1), []);
  return { known, again };
}

/** The player of one recording; null where there is none. A recording that is published does not change: its id is enough. */
export function usePlayer(graphql: Requests, contactId: string, recording: PlayableRecording | null): RecordingPlayer | null {
  const [made, setMade] = useState<{ readonly id: string; readonly player: RecordingPlayer } | null>(null);
  if (recording !== null && made?.id !== recording.id) {
    setMade({ id: recording.id, player: playerOf(graphql, contactId, recording) });
  }
  const player = recording !== null && made?.id === recording.id ? made.player : null;
  useEffect(() => () => player?.close(), [player]);
  return player;
}

function playerOf(graphql: Requests, contactId: string, recording: PlayableRecording): RecordingPlayer {
  const link = async () => linkTo(await graphql.request(Recordings, { contactId, withLinks: true }), recording.id);
  return new RecordingPlayer(recording, { audio: new Audio(), link, now: () => Date.now() });
}

/** Throws where there is none any more. */
function linkTo({ recordings }: RecordingsResult, id: string): Link {
  const found = recordings.find((each) => each.id === id);
  if (!found?.url) throw new Error("there is no link to it any more");
  return { url: found.url, expiresAtMs: found.expiresAtMs ?? 0 };
}

/** All that can be played, in the order of the call. */
export function playableIn(known: KnownRecordings): readonly PlayableRecording[] {
  return Array.isArray(known) ? playableOf(known as readonly Recording[]) : [];
}
