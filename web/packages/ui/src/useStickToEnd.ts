import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_END_PX = 48;

/** A scroller that follows what is said as long as the reader is at the end, and stays where the reader scrolled to otherwise. */
export function useStickToEnd(items: readonly unknown[], startsAtEnd = true) {
  const box = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const [isLive, setIsLive] = useState(startsAtEnd);
  const toEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  useLayoutEffect(() => {
    if (isLive) toEnd();
  }, [items, isLive, toEnd]);
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
