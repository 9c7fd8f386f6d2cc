import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import type { Utterance } from "@sotto/api";
import { type CallState, speakerName } from "@sotto/call";
import { callTime, fill, plural } from "@sotto/ui";
import { type ReactNode, useMemo } from "react";
import { useWording } from "../messages";
import { PlayerBar } from "../recording/PlayerBar";
import { Playhead } from "../recording/Playhead";
import { Waveform } from "../recording/Waveform";
import type { CallAudio } from "../recording/useCallAudio";
import { go } from "../routes/useRoute";
import "./CallTimeline.css";
import { lineHref } from "./links";
import { lengthOf, regionsOf } from "./regions";

interface Props {
  call: CallState;
  contactId: string;
  /** The utterance that the address leads to. */
  cited: string | null;
  audio: CallAudio;
  /** Why nothing can be played. */
  absence: ReactNode;
}

const LANES = ["CUSTOMER", "AGENT"] as const;

/** The whole call at a glance, to look at and to listen to: who spoke when and how loud, and where what was noticed stands. */
export function CallTimeline({ call, contactId, cited, audio, absence }: Props) {
  const { t, locale } = useWording();
  const { player, recording } = audio;
  const regions = useMemo(() => regionsOf(call), [call]);
  const lengthMs = Math.max(lengthOf(call.utterances), recording ? recording.beginsMs + recording.durationMs : 0);
  const at = call.utterances.find((utterance) => utterance.id === cited);
  const share = (ms: number) => `${(ms / lengthMs) * 100}%`;
  const hasPeaks = recording !== null && recording.peaks.length > 0;
  // One channel holds both of them: it is drawn once.
  const lanes = recording?.peaks.length === 1 ? LANES.slice(0, 1) : LANES;
  return (
    <Container header={<Header variant="h2">{recording ? t.recording.title : t.conversation.timeline}</Header>}>
      <div className="call-timeline">
        {audio.parts.length > 1 && (
          <SegmentedControl
            label={t.recording.which}
            selectedId={recording?.id ?? null}
            options={audio.parts.map(({ id }, place) => ({ id, text: fill(t.recording.part, { number: place + 1 }) }))}
            onChange={({ detail }) => audio.choose(detail.selectedId)}
          />
        )}
        {player ? <PlayerBar player={player} keysOn={audio.keysOn} onKeys={audio.setKeysOn} /> : absence}
        <div className="lanes">
          {lanes.map((speaker, channel) => (
            <div key={speaker} className="lane">
              <span className="lane-name">{lanes.length === 1 ? "" : speakerName(speaker, t)}</span>
              {hasPeaks ? (
                <Waveform recording={recording} channel={channel} speaker={speaker === "AGENT" ? "agent" : "customer"} lengthMs={lengthMs} />
              ) : (
                <Lane speaker={speaker} utterances={call.utterances} lengthMs={lengthMs} />
              )}
            </div>
          ))}
          {player && <Playhead player={player} lengthMs={lengthMs} />}
        </div>
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
                onClick={() => {
                  go(lineHref(contactId, region.utteranceId));
                  player?.playFrom(region.startMs);
                }}
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
        {recording !== null && recording.beeped.length > 0 && <p className="beep-note">{plural(t.recording.beeps, recording.beeped.length, locale)}</p>}
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
