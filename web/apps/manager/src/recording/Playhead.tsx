import { callTime, fill } from "@sotto/ui";
import { useWording } from "../messages";
import "./Playhead.css";
import type { RecordingPlayer } from "./player";
import { usePlayerView } from "./usePlayerView";

/** Where it plays, over all lanes; to be drawn along, by mouse, finger or arrow keys. */
export function Playhead({ player, lengthMs }: { player: RecordingPlayer; lengthMs: number }) {
  const { t } = useWording();
  const { atMs } = usePlayerView(player);
  return (
    <div className="playhead">
      <span className="playhead-line" style={{ insetInlineStart: `${(Math.min(atMs, lengthMs) / lengthMs) * 100}%` }} />
      <input
        type="range"
        min={0}
        max={lengthMs}
        step={1000}
        value={Math.min(atMs, lengthMs)}
        aria-label={t.recording.place}
        aria-valuetext={fill(t.recording.placeOf, { at: callTime(atMs), length: callTime(player.endMs) })}
        onChange={(event) => player.seek(Number(event.target.value))}
      />
    </div>
  );
}
