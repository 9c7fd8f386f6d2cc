import { useCallback, useEffect, useMemo, useState } from "react";
import type { Session } from "../../call/session";
import type { CardDeeds } from "./Card";
import { copyText } from "@sotto/ui";

/** As long as it takes to read a reply to the customer. */
const READING_OUT_MS = 20_000;

/** What the agent can do with cards, and what of it is still under way on the screen. */
export function useDeeds(session: Session) {
  const [opened, setOpened] = useState<string | null>(null);
  const [copied, setCopied] = useState<{ id: string; worked: boolean } | null>(null);
  const [asksWhy, setAsksWhy] = useState<string | null>(null);
  const acknowledge = useCallback(
    (annotationId: string) => {
      const isKnown = session.snapshot().call.opinions.get(annotationId)?.acknowledgedAtMs != null;
      if (!isKnown) session.act({ what: "acknowledge", annotationId });
    },
    [session],
  );
  const letGo = useCallback(() => {
    session.hold(null);
    setOpened(null);
    setAsksWhy(null);
    setCopied(null);
  }, [session]);
  const deeds: CardDeeds = useMemo(
    () => ({
      copy: (note) =>
        void copyText(note.reply ?? "").then((worked) => {
          setCopied({ id: note.id, worked });
          if (worked) acknowledge(note.id);
        }),
      acknowledge: (id) => {
        letGo();
        acknowledge(id);
      },
      dismiss: (annotationId) => {
        letGo();
        session.act({ what: "dismiss", annotationId });
      },
      rate: (annotationId, verdict, reason) => {
        session.act({ what: "rate", annotationId, verdict, ...(reason === undefined ? {} : { reason }) });
        setAsksWhy(verdict === "DOWN" && reason === undefined ? annotationId : null);
      },
    }),
    [session, letGo, acknowledge],
  );
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(null), READING_OUT_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return { deeds, opened, setOpened, copied, asksWhy, setAsksWhy };
}
