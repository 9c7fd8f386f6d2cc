import type { Utterance } from "@sotto/api";
import { callTime, fill, percent } from "@sotto/ui";
import { useId } from "react";
import { stagesOf } from "../../call/stages";
import type { ShownAnnotation } from "../../call/state";
import { useWording } from "../../messages";
import "./Details.css";

/** Why this annotation is there and where its milliseconds went, for those who want to know. */
export function Details({ annotation, utterances }: { annotation: ShownAnnotation; utterances: readonly Utterance[] }) {
  const { t, locale } = useWording();
  const id = useId();
  const stages = stagesOf(annotation.stagesMs);
  const longest = Math.max(1, ...stages.map((stage) => stage.ms));
  const evidence = annotation.evidence
    .map(({ utteranceId }) => utterances.find((utterance) => utterance.id === utteranceId))
    .filter((utterance) => utterance !== undefined);
  return (
    <div className="details" role="group" aria-labelledby={id}>
      <p id={id}>
        {fill(t.latency, { ms: Math.round(annotation.latencyMs) })} · {fill(t.confidence, { percent: percent(annotation.confidence, locale) })}
      </p>
      {evidence.map((utterance) => (
        <p key={utterance.id} className="evidence">
          {t.basedOn} <time>{callTime(utterance.startMs)}</time> “{utterance.text}”
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
        {t.versions} {[annotation.model, annotation.adapter, annotation.policy, annotation.playbook].filter((part) => part !== "").join(" · ")}
      </p>
    </div>
  );
}
