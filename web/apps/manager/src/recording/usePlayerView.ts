import type { Utterance } from "@sotto/api";
import { useCallback, useSyncExternalStore } from "react";
import type { PlayerView, RecordingPlayer } from "./player";
import { lineAt } from "./recordings";

const NOTHING_TO_WATCH = () => () => undefined;
const watchOf = (player: RecordingPlayer | null) => player?.watch ?? NOTHING_TO_WATCH;

/** Drawn anew several times a second while it plays: for small things alone. */
export function usePlayerView(player: RecordingPlayer): PlayerView {
  return useSyncExternalStore(player.watch, player.snapshot);
}

/** The id of the line that is under way: changes with the lines, not with the clock. */
export function useLineUnderWay(player: RecordingPlayer | null, utterances: readonly Utterance[]): string | null {
  const line = useCallback(() => (player === null ? null : (lineAt(utterances, player.snapshot().atMs)?.id ?? null)), [player, utterances]);
  return useSyncExternalStore(watchOf(player), line);
}

export function useIsPlaying(player: RecordingPlayer | null): boolean {
  return useSyncExternalStore(watchOf(player), () => player !== null && player.snapshot().state === "playing");
}
