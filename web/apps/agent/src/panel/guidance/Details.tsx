import { useId } from "react";
import type { Spoken } from "@sotto/api";
import type { Note } from "../../call/state";
import { stagesOf } from "../../call/stages";
import { callTime, fill, percent } from "@sotto/ui";
import { useWording } from "../../messages";

/** Why this item is there and where its milliseconds went: for the one who asks. */
export function Details({ note, lines }: { note: Note; lines: readonly Spoken[] }) {
  const { t, locale } = useWording();
  const id = useId();
  const stages = stagesOf(note.stagesMs);
  const longest = Math.max(1, ...stages.map((stage) => stage.ms));
  const words = note.evidence.map((evidence) => lines.find((line) => line.id === evidence.utteranceId)).filter((line) => line !== undefined);
  return (
    <div className="details" role="group" aria-labelledby={id}>
      <p id={id}>
        {fill(t.latency, { ms: Math.round(note.latencyMs) })} · {fill(t.confidence, { percent: percent(note.confidence, locale) })}
      </p>
      {words.map((line) => (
        <p key={line.id} className="evidence">
          {t.basedOn} <time>{callTime(line.startMs)}</time> “{line.text}”
        </p>
      ))}
      <dl>
        {stages.map((stage) => (
          <div key={stage.name}>
            <dt>{stage.name}</dt>
            <dd>
              <progress max={longest} value={stage.ms} aria-hidden="true" /> {Math.round(stage.ms)} ms
            </dd>
          </div>
        ))}
      </dl>
      <p className="versions">
        {t.versions} {[note.model, note.adapter, note.policy, note.playbook].filter((part) => part !== "").join(" · ")}
      </p>
    </div>
  );
}
