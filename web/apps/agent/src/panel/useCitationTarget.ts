import { type RefObject, useCallback, useMemo, useRef, useState } from "react";
import type { Navigation, Source } from "./navigation";
import type { TranscriptHandle } from "./transcript/Transcript";

/** Where citations lead. The focus goes back to what opened an article. */
export function useCitationTarget(transcript: RefObject<TranscriptHandle>, contactId: string | null) {
  const [opened, setOpened] = useState<{ source: Source; contactId: string | null } | null>(null);
  const opener = useRef<Element | null>(null);
  const navigation: Navigation = useMemo(
    () => ({
      toUtterance: (id) => {
        setOpened(null);
        transcript.current?.toUtterance(id);
      },
      openArticle: (source) => {
        opener.current = document.activeElement;
        setOpened({ source, contactId });
      },
    }),
    [transcript, contactId],
  );
  const closeArticle = useCallback(() => {
    setOpened(null);
    if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    opener.current = null;
  }, []);
  // An article of another call is not this one's.
  return { source: opened?.contactId === contactId ? opened.source : null, navigation, closeArticle };
}
