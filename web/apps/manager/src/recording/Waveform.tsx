import { useMemo } from "react";
import type { PlayableRecording } from "./recordings";
import "./Waveform.css";
import { levelsOf, outlineOf } from "./waveform";

interface Props {
  recording: PlayableRecording;
  channel: number;
  speaker: "customer" | "agent";
  /** What the whole lane stands for. */
  lengthMs: number;
}

/** For the eyes alone: how loud one speaker is, and where a tone is. */
export function Waveform({ recording, channel, speaker, lengthMs }: Props) {
  const { beginsMs, durationMs, beeped } = recording;
  const outline = useMemo(() => outlineOf(levelsOf(recording.peaks[channel] ?? ""), durationMs), [recording, channel, durationMs]);
  return (
    <svg className={`waveform ${speaker}`} viewBox={`0 0 ${lengthMs} 100`} preserveAspectRatio="none" aria-hidden="true">
      <g transform={`translate(${beginsMs} 0)`}>
        {beeped.map(({ fromMs, untilMs }) => (
          <rect key={fromMs} className="beeped" x={fromMs} width={Math.max(1, untilMs - fromMs)} y="0" height="100" />
        ))}
        <path d={outline} />
      </g>
    </svg>
  );
}
