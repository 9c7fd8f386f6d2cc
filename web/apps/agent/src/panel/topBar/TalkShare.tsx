import type { Utterance } from "@sotto/api";
import { fill, percent } from "@sotto/ui";
import { agentShare, talkTime } from "../../call/talkTime";
import { useWording } from "../../messages";
import "./TalkShare.css";

export function TalkShare({ utterances }: { utterances: readonly Utterance[] }) {
  const { t, locale } = useWording();
  const share = agentShare(talkTime(utterances));
  if (share === null) return null;
  const label = fill(t.talkShare, { percent: percent(share, locale) });
  return (
    <span className="talk" role="img" aria-label={label} title={label}>
      <span className="word">{t.agent}</span>
      <svg width="40" height="6" viewBox="0 0 40 6" aria-hidden="true">
        <rect width="40" height="6" rx="3" className="rest" />
        <rect width={Math.max(4, share * 40)} height="6" rx="3" className="own" />
      </svg>
      <small>{percent(share, locale)}</small>
    </span>
  );
}
