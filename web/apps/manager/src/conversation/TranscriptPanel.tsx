import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { CallState } from "@sotto/call";
import { fill, useStickToEnd } from "@sotto/ui";
import { useCallback, useLayoutEffect, useState } from "react";
import { useWording } from "../messages";
import type { RecordingPlayer } from "../recording/player";
import { useIsPlaying, useLineUnderWay } from "../recording/usePlayerView";
import { TranscriptLine } from "./TranscriptLine";
import "./TranscriptPanel.css";
import { useKeptInView } from "./useKeptInView";
import { type Extra, MORE, anchorFor, windowOf } from "./windowOf";

interface Props {
  call: CallState;
  contactId: string;
  /** The utterance that the address leads to. */
  cited: string | null;
  isLive: boolean;
  player: RecordingPlayer | null;
}

const NONE: Extra = { before: 0, after: 0 };
const NO_MOMENTS = [] as const;

/** What was said, redacted, with what was noticed beside the words; it follows a call that goes on, and one that is played. */
export function TranscriptPanel({ call, contactId, cited, isLive, player }: Props) {
  const { t } = useWording();
  const { utterances } = call;
  const [extra, setExtra] = useState(NONE);
  const placeOf = (id: string | null) => (id === null ? -1 : utterances.findIndex((utterance) => utterance.id === id));
  const underWay = useLineUnderWay(player, utterances);
  const isPlaying = useIsPlaying(player);
  const [anchor, setAnchor] = useState(cited);
  const [citedBefore, setCitedBefore] = useState(cited);
  if (cited !== citedBefore) {
    setCitedBefore(cited);
    // What is shown stays where the address begins to follow what is played.
    if (cited !== null) setAnchor(cited);
  }
  const shown = windowOf(utterances.length, { cited: placeOf(anchor) < 0 ? null : placeOf(anchor), isLive, extra });
  const nextAnchor = isPlaying ? anchorFor(placeOf(underWay), shown, utterances.length) : null;
  if (nextAnchor !== null && underWay !== anchor) setAnchor(underWay);
  const lines = utterances.slice(shown.from, shown.until);
  const { box, isLive: isAtEnd, toLive, leave, onScroll } = useStickToEnd(utterances, isLive && cited === null);
  const { isAway, comeBack, onAway } = useKeptInView(box, underWay, isPlaying);
  const isFound = placeOf(cited) >= 0;
  useLayoutEffect(() => {
    if (!isFound || cited === null) return;
    leave();
    const line = box.current?.querySelector<HTMLElement>(`[data-utterance="${CSS.escape(cited)}"]`);
    line?.scrollIntoView({ block: "center" });
    line?.focus({ preventScroll: true });
  }, [cited, isFound, box, leave]);
  const playFrom = useCallback((startMs: number) => player?.playFrom(startMs), [player]);
  return (
    <Container header={<Header variant="h2">{t.conversation.transcript}</Header>}>
      <div className="transcript-box" ref={box} onScroll={onScroll} onWheel={onAway} onTouchMove={onAway} tabIndex={0} role="group" aria-label={t.conversation.transcript}>
        {utterances.length === 0 && <p className="quiet">{t.conversation.transcriptQuiet}</p>}
        {shown.from > 0 && <Button variant="inline-link" onClick={() => setExtra({ ...extra, before: extra.before + MORE })}>{fill(t.conversation.showEarlier, { count: shown.from })}</Button>}
        <ol className="plain-list">
          {lines.map((utterance, index) => (
            <TranscriptLine
              key={utterance.id}
              utterance={utterance}
              contactId={contactId}
              isTurn={lines[index - 1]?.speaker !== utterance.speaker}
              moments={call.moments.get(utterance.id) ?? NO_MOMENTS}
              isCited={utterance.id === cited}
              isUnderWay={utterance.id === underWay}
              onPlay={player === null ? null : playFrom}
            />
          ))}
        </ol>
        {shown.until < utterances.length && (
          <Button variant="inline-link" onClick={() => setExtra({ ...extra, after: extra.after + MORE })}>
            {fill(t.conversation.showLater, { count: utterances.length - shown.until })}
          </Button>
        )}
      </div>
      {isLive && !isAtEnd && (
        <Button iconName="angle-down" onClick={toLive}>
          {t.conversation.toLive}
        </Button>
      )}
      {isPlaying && isAway && (
        <Button iconName="angle-down" onClick={comeBack}>
          {t.recording.follow}
        </Button>
      )}
    </Container>
  );
}
