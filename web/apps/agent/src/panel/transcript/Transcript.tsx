import Button from "@cloudscape-design/components/button";
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from "react";
import type { Spoken } from "@sotto/api";
import type { Note } from "../../call/state";
import { fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { Line } from "./UtteranceLine";

export interface TranscriptHandle {
  toLive: () => void;
  /** Shows the line with this id, further back than it was shown if need be, and takes the focus to it. */
  toLine: (id: string) => void;
}

interface Props {
  lines: readonly Spoken[];
  moments: ReadonlyMap<string, readonly Note[]>;
  showDetails: boolean;
  handle: Ref<TranscriptHandle>;
}

/** Lines on the page at once; the rest comes on request. An hour's call must cost no more than a minute's. */
const SHOWN = 80;
const MORE = 200;
const NEAR_END_PX = 48;
const NO_MOMENTS: readonly Note[] = [];

export function Transcript({ lines, moments, showDetails, handle }: Props) {
  const { t } = useWording();
  const [count, setCount] = useState(SHOWN);
  const { box, isLive, toLive, leave, onScroll } = useStickToEnd(lines);
  const [cited, setCited] = useState<{ id: string } | null>(null);
  useImperativeHandle(
    handle,
    () => ({
      toLive: () => {
        setCited(null);
        toLive();
      },
      toLine: (id) => {
        const place = lines.findIndex((line) => line.id === id);
        if (place < 0) return;
        leave();
        setCount((before) => Math.max(before, lines.length - place));
        setCited({ id });
      },
    }),
    [toLive, leave, lines],
  );
  useLayoutEffect(() => {
    const line = cited && box.current?.querySelector<HTMLElement>(`[data-utterance="${CSS.escape(cited.id)}"]`);
    line?.scrollIntoView({ block: "center" });
    line?.focus({ preventScroll: true });
  }, [cited, box]);
  const shown = lines.slice(-count);
  const earlier = lines.length - shown.length;
  return (
    <section className="transcript" aria-label={t.transcript}>
      <div className="scroller" ref={box} onScroll={onScroll} tabIndex={0} role="group" aria-label={t.transcript}>
        {lines.length === 0 && <p className="quiet">{t.transcriptQuiet}</p>}
        {earlier > 0 && (
          <div className="earlier">
            <Button variant="inline-link" onClick={() => setCount(count + MORE)}>
              {fill(t.showEarlier, { count: earlier })}
            </Button>
          </div>
        )}
        <ol>
          {shown.map((line, index) => (
            <Line
              key={line.id}
              line={line}
              isTurn={shown[index - 1]?.speaker !== line.speaker}
              moments={moments.get(line.id) ?? NO_MOMENTS}
              showDetails={showDetails}
              isCited={line.id === cited?.id}
            />
          ))}
        </ol>
      </div>
      {!isLive && (
        <div className="to-live">
          <Button onClick={toLive} iconName="angle-down" ariaLabel={t.toLive}>
            {t.toLive}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Follows what is said as long as the reader is at the end, and stays where the reader scrolled to otherwise. */
function useStickToEnd(lines: readonly Spoken[]) {
  const box = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const [isLive, setIsLive] = useState(true);
  const toEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  useLayoutEffect(() => {
    if (isLive) toEnd();
  }, [lines, isLive, toEnd]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      height.current = box.current?.clientHeight ?? 0;
      if (isLive) toEnd();
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, [isLive, toEnd]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const isResized = element.clientHeight !== height.current;
    height.current = element.clientHeight;
    // Answers that come below take room: that is no scrolling of the reader's.
    if (isLive && isResized) toEnd();
    else setIsLive(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX);
  };
  const toLive = useCallback(() => {
    setIsLive(true);
    toEnd();
  }, [toEnd]);
  const leave = useCallback(() => setIsLive(false), []);
  return { box, isLive, toLive, leave, onScroll };
}
