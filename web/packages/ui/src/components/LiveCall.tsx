import type { ReactNode } from "react";
import { CallClock } from "./CallClock";
import "./LiveCall.css";
import { MoodWord } from "./MoodWord";

type Tone = "good" | "bad" | "even";

export interface LiveCallFacts {
  readonly id: string;
  readonly agent: string;
  /** Team, queue, who is calling and why, as far as they are known. */
  readonly about: readonly string[];
  /** Epoch ms. */
  readonly since: number;
  readonly mood: { readonly tone: Tone; readonly word: string; readonly spoken: string } | null;
  readonly isAtRisk: boolean;
  /** Who spoke last, and the words; null where nobody asked for them. */
  readonly lastWords: { readonly who: string; readonly text: string } | null;
}

interface Props {
  call: LiveCallFacts;
  clockLabel: string;
  /** What asks for a look: grave moments, missed steps. */
  children: ReactNode;
  onOpen: () => void;
}

/** One call of many, to be seen at a glance and opened with one press. */
export function LiveCall({ call, clockLabel, children, onOpen }: Props) {
  return (
    <button type="button" className={call.isAtRisk ? "live-call high" : "live-call"} data-contact={call.id} onClick={onOpen}>
      <span className="who">
        <strong>{call.agent}</strong> <span className="quiet">{call.about.join(" · ")}</span>
      </span>
      {call.mood && <MoodWord tone={call.mood.tone} word={call.mood.word} spoken={call.mood.spoken} />}
      <CallClock label={clockLabel} since={call.since} stoppedAtMs={null} />
      {children}
      {call.lastWords && (
        <span className="last-words">
          {call.lastWords.who}: “{call.lastWords.text}”
        </span>
      )}
    </button>
  );
}
