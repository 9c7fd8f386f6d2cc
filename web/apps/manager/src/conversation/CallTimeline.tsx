import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { Utterance } from "@sotto/api";
import { type CallState, speakerName } from "@sotto/call";
import { callTime, fill } from "@sotto/ui";
import { useMemo } from "react";
import { useWording } from "../messages";
import { go } from "../routes/useRoute";
import "./CallTimeline.css";
import { lineHref } from "./links";
import { lengthOf, regionsOf } from "./regions";

interface Props {
  call: CallState;
  contactId: string;
  /** The utterance that the address leads to. */
  cited: string | null;
}

const LANES = ["CUSTOMER", "AGENT"] as const;

/** The whole call at a glance: who spoke when, and where what was noticed stands. */
export function CallTimeline({ call, contactId, cited }: Props) {
  const { t } = useWording();
  const regions = useMemo(() => regionsOf(call), [call]);
  const lengthMs = lengthOf(call.utterances);
  const at = call.utterances.find((utterance) => utterance.id === cited);
  const share = (ms: number) => `${(ms / lengthMs) * 100}%`;
  return (
    <Container header={<Header variant="h2">{t.conversation.timeline}</Header>}>
      <div className="call-timeline">
        {LANES.map((speaker) => (
          <div key={speaker} className="lane">
            <span className="lane-name">{speakerName(speaker, t)}</span>
            <Lane speaker={speaker} utterances={call.utterances} lengthMs={lengthMs} />
          </div>
        ))}
        <div className="lane">
          <span className="lane-name">{t.conversation.moments}</span>
          <div className="regions" role="group" aria-label={t.conversation.moments}>
            {at && <span className="cited-place" style={{ insetInlineStart: share(at.startMs) }} />}
            {regions.map((region) => (
              <button
                key={region.id}
                type="button"
                className={`region ${region.severity.toLowerCase()}`}
                style={{ insetInlineStart: share(region.startMs), inlineSize: share(region.endMs - region.startMs) }}
                title={`${callTime(region.startMs)} ${region.title}`}
                aria-label={fill(t.conversation.momentAt, { title: region.title, time: callTime(region.startMs) })}
                onClick={() => go(lineHref(contactId, region.utteranceId))}
              />
            ))}
          </div>
        </div>
        <div className="lane">
          <span className="lane-name" />
          <div className="scale">
            <time>0:00</time>
            <time>{callTime(lengthMs / 2)}</time>
            <time>{callTime(lengthMs)}</time>
          </div>
        </div>
      </div>
    </Container>
  );
}

/** For the eyes alone: the transcript says the same in words. */
function Lane({ speaker, utterances, lengthMs }: { speaker: Utterance["speaker"]; utterances: readonly Utterance[]; lengthMs: number }) {
  return (
    <svg className={`talk ${speaker.toLowerCase()}`} viewBox={`0 0 ${lengthMs} 10`} preserveAspectRatio="none" aria-hidden="true">
      {utterances
        .filter((utterance) => utterance.speaker === speaker)
        .map((utterance) => (
          <rect key={utterance.id} x={utterance.startMs} width={Math.max(1, utterance.endMs - utterance.startMs)} y="0" height="10" />
        ))}
    </svg>
  );
}
