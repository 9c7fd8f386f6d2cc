import { callTime, fill, percent } from "@sotto/ui";
import { useId } from "react";
import { type CallState, type ShownAnnotation, wayOf } from "@sotto/call";
import { useWording } from "../../messages";
import "./Details.css";
import { Way } from "./Way";

/** Why this annotation is there and where its milliseconds went, for those who want to know. */
export function Details({ annotation, call }: { annotation: ShownAnnotation; call: CallState }) {
  const { t, locale } = useWording();
  const id = useId();
  // Each utterance once, however many of its words are evidence.
  const restsOn = new Set(annotation.evidence.map((words) => words.utteranceId));
  const evidence = call.utterances.filter((utterance) => restsOn.has(utterance.id));
  return (
    <div className="details" role="group" aria-label={t.details}>
      {evidence.length > 0 && (
        <>
          <p id={id}>{t.basedOn}</p>
          <ul aria-labelledby={id}>
            {evidence.map((utterance) => (
              <li key={utterance.id} className="evidence">
                <time>{callTime(utterance.startMs)}</time> “{utterance.text}”
              </li>
            ))}
          </ul>
        </>
      )}
      <Way way={wayOf(annotation, call)} />
      <p className="versions">
        {fill(t.confidence, { percent: percent(annotation.confidence, locale) })}. {t.versions}{" "}
        {[annotation.model, annotation.adapter, annotation.policy, annotation.playbook].filter((part) => part !== "").join(" · ")}
      </p>
    </div>
  );
}
