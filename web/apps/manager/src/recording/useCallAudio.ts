import type { Utterance } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { usePreference } from "@sotto/ui";
import { useEffect, useState } from "react";
import { refine } from "../routes/useRoute";
import type { RecordingPlayer } from "./player";
import type { PlayableRecording } from "./recordings";
import { type KnownRecordings, playableIn, usePlayer, useRecordings } from "./useRecording";
import { usePlayerKeys } from "./usePlayerKeys";

/** What of a call can be listened to, and by what. */
export interface CallAudio {
  readonly known: KnownRecordings;
  readonly again: () => void;
  /** All that can be played; a call may have been recorded in several parts. */
  readonly parts: readonly PlayableRecording[];
  /** The part that is chosen, with its player; null where there is none. */
  readonly recording: PlayableRecording | null;
  readonly player: RecordingPlayer | null;
  readonly choose: (id: string) => void;
  readonly keysOn: boolean;
  readonly setKeysOn: (isOn: boolean) => void;
}

interface Asked {
  readonly contactId: string;
  readonly isOver: boolean;
  /** How far the work after the call is: it says when there is a recording. */
  readonly version: number;
  readonly utterances: readonly Utterance[];
}

export function useCallAudio(graphql: Requests, { contactId, isOver, version, utterances }: Asked): CallAudio {
  const { known, again } = useRecordings(graphql, contactId, isOver, version);
  const parts = playableIn(known);
  const [chosen, choose] = useState<string | null>(null);
  const recording = parts.find(({ id }) => id === chosen) ?? parts[0] ?? null;
  const player = usePlayer(graphql, contactId, recording);
  const [keys, setKeys] = usePreference("playerKeys", ["on", "off"], "on");
  usePlayerKeys(player, utterances, keys === "on");
  usePlaceInAddress(player);
  return { known, again, parts, recording, player, choose, keysOn: keys === "on", setKeysOn: (isOn) => setKeys(isOn ? "on" : "off") };
}

/** How often the address follows what plays: browsers take no more than some hundred changes in half a minute. */
const WRITTEN_EVERY_MS = 5_000;

/** The place goes into the address once somebody plays, so that its link opens there. */
function usePlaceInAddress(player: RecordingPlayer | null): void {
  useEffect(() => {
    if (player === null) return undefined;
    let written = player.snapshot().atMs;
    let hasPlayed = false;
    let wasPlaying = false;
    return player.watch(() => {
      const { state, atMs } = player.snapshot();
      const isPlaying = state === "playing";
      const isDue = isPlaying ? Math.abs(atMs - written) >= WRITTEN_EVERY_MS : wasPlaying || atMs !== written;
      hasPlayed ||= isPlaying;
      wasPlaying = isPlaying;
      if (!hasPlayed || !isDue) return;
      written = atMs;
      refine({ at: String(Math.round(atMs)) });
    });
  }, [player]);
}
