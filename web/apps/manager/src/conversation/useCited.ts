import type { Utterance } from "@sotto/api";
import { useEffect, useState } from "react";
import type { RecordingPlayer } from "../recording/player";
import { lineAt, timeOf } from "../recording/recordings";

/**
 * The line that the address leads to, by its id or by a time. A time that the player itself has written while it plays leads
 * nowhere: the reader is there already.
 */
export function useCited(at: string | null, utterances: readonly Utterance[], player: RecordingPlayer | null): string | null {
  // The time with which the page was opened; those that come later are the player's.
  const [openedAt] = useState(() => timeOf(at));
  const timeMs = timeOf(at);
  const isOpenedAt = timeMs !== null && timeMs === openedAt;
  const line = isOpenedAt ? lineAt(utterances, timeMs) : timeMs === null ? utterances.find(({ id }) => id === at) : undefined;
  const placeMs = line === undefined || line === null ? null : isOpenedAt ? timeMs : line.startMs;
  useEffect(() => {
    if (player !== null && placeMs !== null) player.seek(placeMs);
  }, [player, placeMs]);
  return line?.id ?? null;
}
