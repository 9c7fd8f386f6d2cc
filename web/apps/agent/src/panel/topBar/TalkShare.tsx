import type { Utterance, Wait } from "@sotto/api";
import { fill, percent, plural } from "@sotto/ui";
import { talkOf } from "@sotto/call";
import { useWording } from "../../messages";
import "./TalkShare.css";

/** Who does the talking, how long nobody did, and how often the agent cut in. */
export function TalkShare({ utterances, waits }: { utterances: readonly Utterance[]; waits: readonly Wait[] }) {
  const { t, locale } = useWording();
  const talk = talkOf(utterances, waits);
  if (talk === null) return null;
  const [own, silence] = [percent(talk.agentShare, locale), percent(talk.silenceShare, locale)];
  const interrupted = talk.interruptions > 0 ? plural(t.interruptions, talk.interruptions, locale) : null;
  const label = [fill(t.talkShare, { percent: own }), fill(t.silenceLong, { percent: silence }), interrupted].filter(Boolean).join(". ");
  return (
    <span className="talk" role="img" aria-label={label} title={label}>
      <span>{t.agent}</span>
      <svg width="40" height="6" viewBox="0 0 40 6" aria-hidden="true">
        <rect width="40" height="6" rx="3" className="rest" />
        <rect width={Math.max(4, talk.agentShare * 40)} height="6" rx="3" className="own" />
      </svg>
      <span>{[own, fill(t.silence, { percent: silence }), interrupted].filter(Boolean).join(" · ")}</span>
    </span>
  );
}
