import Button from "@cloudscape-design/components/button";
import type { Utterance } from "@sotto/api";
import { fill, useStickToEnd } from "@sotto/ui";
import { type Ref, useImperativeHandle, useLayoutEffect, useState } from "react";
import type { ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";
import "./Transcript.css";
import { UtteranceLine } from "./UtteranceLine";

export interface TranscriptHandle {
  toLive: () => void;
  /** Shows the utterance with this id, further back than it was shown if need be, and takes the focus to it. */
  toUtterance: (id: string) => void;
}

interface Props {
  utterances: readonly Utterance[];
  moments: ReadonlyMap<string, readonly ShownAnnotation[]>;
  showDetails: boolean;
  /** There is no live any more to go back to. */
  hasEnded: boolean;
  handle: Ref<TranscriptHandle>;
}

/** Lines on the page at once; the rest comes on request. An hour's call must cost no more than a minute's. */
const SHOWN = 80;
const MORE = 200;
const NO_MOMENTS: readonly ShownAnnotation[] = [];

export function Transcript({ utterances, moments, showDetails, hasEnded, handle }: Props) {
  const { t } = useWording();
  const [count, setCount] = useState(SHOWN);
  const { box, isLive, toLive, leave, onScroll } = useStickToEnd(utterances);
  const [cited, setCited] = useState<{ id: string } | null>(null);
  useImperativeHandle(
    handle,
    () => ({
      toLive: () => {
        setCited(null);
        toLive();
      },
      toUtterance: (id) => {
        const place = utterances.findIndex((utterance) => utterance.id === id);
        if (place < 0) return;
        leave();
        setCount((before) => Math.max(before, utterances.length - place));
        setCited({ id });
      },
    }),
    [toLive, leave, utterances],
  );
  useLayoutEffect(() => {
    const element = cited && box.current?.querySelector<HTMLElement>(`[data-utterance="${CSS.escape(cited.id)}"]`);
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }, [cited, box]);
  const shown = utterances.slice(-count);
  const earlier = utterances.length - shown.length;
  return (
    <section className="transcript" aria-label={t.transcript}>
      <div className="scroller" ref={box} onScroll={onScroll} tabIndex={0} role="group" aria-label={t.transcript}>
        {utterances.length === 0 && <p className="quiet">{t.transcriptQuiet}</p>}
        {earlier > 0 && (
          <div className="earlier">
            <Button variant="inline-link" onClick={() => setCount(count + MORE)}>
              {fill(t.showEarlier, { count: earlier })}
            </Button>
          </div>
        )}
        <ol>
          {shown.map((utterance, index) => (
            <UtteranceLine
              key={utterance.id}
              utterance={utterance}
              isTurn={shown[index - 1]?.speaker !== utterance.speaker}
              moments={moments.get(utterance.id) ?? NO_MOMENTS}
              showDetails={showDetails}
              isCited={utterance.id === cited?.id}
            />
          ))}
        </ol>
      </div>
      {!isLive && (
        <div className="to-live">
          <Button onClick={toLive} iconName="angle-down" ariaLabel={hasEnded ? t.toEnd : t.toLive}>
            {hasEnded ? t.toEnd : t.toLive}
          </Button>
        </div>
      )}
    </section>
  );
}
