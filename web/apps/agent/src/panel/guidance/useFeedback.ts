import { copyText } from "@sotto/ui";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Session } from "@sotto/call";
import type { CardActions } from "./cardActions";
import type { Undoable } from "./Undo";

/** As long as it takes to read a reply to the customer. */
const READING_ALOUD_MS = 20_000;
/** As long as it takes to see that it was the wrong key, in the middle of a sentence. */
const UNDO_MS = 12_000;

/** The agent's feedback on cards, and what of it is still under way on the screen. */
export function useFeedback(session: Session) {
  const [opened, setOpened] = useState<string | null>(null);
  const [copied, setCopied] = useState<{ id: string; worked: boolean } | null>(null);
  const [undoable, setUndoable] = useState<Undoable | null>(null);
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
        setUndoable(undoableOf(session, id, "acknowledged"));
      },
      dismiss: (annotationId) => {
        closeCard();
        session.act({ type: "dismiss", annotationId });
        setUndoable(undoableOf(session, annotationId, "dismissed"));
      },
      restore: (annotationId) => {
        setUndoable(null);
        session.act({ type: "restore", annotationId });
        setOpened(annotationId);
      },
      rate: (annotationId, rating, reason) => {
        session.act({ type: "rate", annotationId, rating, ...(reason === undefined ? {} : { reason }) });
        setAsksReason(rating === "DOWN" && reason === undefined ? annotationId : null);
      },
      correct: (annotationId, kind, detail = "") => {
        const rest = kind === "OTHER_INTENT" ? { intent: detail } : kind === "BETTER_WORDS" ? { words: detail } : {};
        session.act({ type: "correct", annotationId, kind, ...rest });
        setAsksReason(null);
      },
    }),
    [session, closeCard, acknowledge],
  );
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(null), READING_ALOUD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  useEffect(() => {
    if (!undoable) return;
    const timer = setTimeout(() => setUndoable(null), UNDO_MS);
    return () => clearTimeout(timer);
  }, [undoable]);
  return { actions, opened, setOpened, undoable, copied, asksReason, setAsksReason };
}

function undoableOf(session: Session, id: string, was: Undoable["was"]): Undoable | null {
  const annotation = session.snapshot().call.annotations.get(id);
  return annotation ? { id, title: annotation.title || annotation.name, was } : null;
}
