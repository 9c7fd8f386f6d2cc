import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

/** Keeps the line that is played in view, until the reader looks elsewhere; the page around stays where it is. */
export function useKeptInView(box: RefObject<HTMLElement | null>, underWay: string | null, isPlaying: boolean) {
  const [isAway, setAway] = useState(false);
  useLayoutEffect(() => {
    const scroller = box.current;
    const line = underWay === null ? null : scroller?.querySelector<HTMLElement>(`[data-utterance="${CSS.escape(underWay)}"]`);
    if (!scroller || !line || !isPlaying || isAway) return;
    const place = line.getBoundingClientRect();
    const seen = scroller.getBoundingClientRect();
    if (place.top >= seen.top && place.bottom <= seen.bottom) return;
    // A third from the top: what comes next is read ahead.
    scroller.scrollBy({ top: place.top - seen.top - seen.height / 3 });
  }, [box, underWay, isPlaying, isAway]);
  const onAway = useCallback(() => setAway(true), []);
  const comeBack = useCallback(() => setAway(false), []);
  return { isAway, comeBack, onAway };
}
