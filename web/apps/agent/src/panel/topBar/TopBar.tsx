import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import { useEffect, useRef } from "react";
import { agentShare, talkTime } from "../../call/talkTime";
import { moodOf, type MoodPoint } from "../../call/sentiment";
import type { View } from "../../call/session";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../../messages";

interface Props {
  view: View;
  /** Back to the list, for a supervisor who follows a call. */
  onBack: (() => void) | null;
  optionsOpen: boolean;
  onOptions: () => void;
}

export function TopBar({ view, onBack, optionsOpen, onOptions }: Props) {
  const { t } = useWording();
  const { state, reason } = view.standing;
  const hint = hintFor(state, reason, t);
  return (
    <header className="topbar">
      <h1 className="offscreen">{t.appName}</h1>
      {onBack && <Back onBack={onBack} />}
      <span className={`standing ${state}`} title={hint} data-standing={state}>
        <span className="dot" aria-hidden="true" />
        {t.standing[state]}
        {hint && <span className="offscreen">. {hint}</span>}
      </span>
      {onBack && <span className="queue">{view.call.contact?.agent}</span>}
      {view.call.contact?.queue && <span className="queue">{view.call.contact.queue}</span>}
      <span className="spring" />
      <Mood points={moodOf(view.call)} />
      <TalkShare view={view} />
      <Button variant="icon" iconName="settings" ariaLabel={t.options} ariaExpanded={optionsOpen} onClick={onOptions} />
    </header>
  );
}

/** Takes the focus, which was on the list that has just gone. */
function Back({ onBack }: { onBack: () => void }) {
  const { t } = useWording();
  const button = useRef<ButtonProps.Ref>(null);
  useEffect(() => button.current?.focus(), []);
  return <Button ref={button} variant="icon" iconName="arrow-left" ariaLabel={t.backToCalls} onClick={onBack} />;
}

function hintFor(state: string, reason: string | undefined, t: ReturnType<typeof useWording>["t"]): string | undefined {
  if (reason === undefined) return undefined;
  if (reason === "connection") return t.standingHint.connection;
  return fill(state === "off" ? t.standingHint.refused : t.standingHint.other, { reason });
}

const WIDTH = 72;
const HEIGHT = 20;

/** A line that rises with the customer's mood, and a word for those who don't see it. */
function Mood({ points }: { points: readonly MoodPoint[] }) {
  const { t } = useWording();
  const last = points.at(-1);
  if (!last) return null;
  const first = points[0] ?? last;
  const spanMs = Math.max(1, last.atMs - first.atMs);
  const path = points.map((point) => `${(((point.atMs - first.atMs) / spanMs) * (WIDTH - 6) + 3).toFixed(1)},${y(point.value)}`);
  const word = last.value > 0.2 ? t.moodWords.good : last.value < -0.2 ? t.moodWords.bad : t.moodWords.even;
  return (
    <>
      <span className="word" aria-hidden="true">
        {t.customer}
      </span>
      <svg className="mood" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${t.mood}: ${word}`}>
        <title>{`${t.mood}: ${word}`}</title>
        <line x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} className="zero" />
        {points.length > 1 && <polyline points={path.join(" ")} />}
        <circle cx={points.length > 1 ? WIDTH - 3 : 3} cy={y(last.value)} r="3" className={last.value > 0.2 ? "good" : last.value < -0.2 ? "bad" : "even"} />
      </svg>
    </>
  );
}

function y(value: number): string {
  return (HEIGHT / 2 - value * (HEIGHT / 2 - 4)).toFixed(1);
}

function TalkShare({ view }: { view: View }) {
  const { t, locale } = useWording();
  const share = agentShare(talkTime(view.call.lines));
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
