import { copyText } from "@sotto/ui";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Session } from "../../call/session";
import type { CardActions } from "./cardActions";

/** As long as it takes to read a reply to the customer. */
const READING_ALOUD_MS = 20_000;

/** The agent's feedback on cards, and what of it is still under way on the screen. */
export function useFeedback(session: Session) {
  const [opened, setOpened] = useState<string | null>(null);
  const [copied, setCopied] = useState<{ id: string; worked: boolean } | null>(null);
  const [asksReason, setAsksReason] = useState<string | null>(null);
  const acknowledge = useCallback(
    (annotationId: string) => {
      const isKnown = session.snapshot().call.feedback.get(annotationId)?.acknowledgedAtMs != null;
      if (!isKnown) session.act({ type: "acknowledge", annotationId });
    },
    [session],
  );
  const closeCard = useCallback(() => {
    session.pin(null);
    setOpened(null);
    setAsksReason(null);
    setCopied(null);
  }, [session]);
  const actions: CardActions = useMemo(
    () => ({
      copy: (annotation) =>
        void copyText(annotation.reply ?? "").then((worked) => {
          setCopied({ id: annotation.id, worked });
          if (worked) acknowledge(annotation.id);
        }),
      acknowledge: (id) => {
        closeCard();
        acknowledge(id);
      },
      dismiss: (annotationId) => {
        closeCard();
        session.act({ type: "dismiss", annotationId });
      },
      rate: (annotationId, rating, reason) => {
        session.act({ type: "rate", annotationId, rating, ...(reason === undefined ? {} : { reason }) });
        setAsksReason(rating === "DOWN" && reason === undefined ? annotationId : null);
      },
    }),
    [session, closeCard, acknowledge],
  );
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(null), READING_ALOUD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return { actions, opened, setOpened, copied, asksReason, setAsksReason };
}
