import { useMemo } from "react";
import { cardsBelow, currentCards, earlierCards, type Session, type ShownAnnotation, type View } from "@sotto/call";
import { useFeedback } from "./useFeedback";
import { useTopCard } from "./useTopCard";

export interface Cards {
  readonly topCard: ShownAnnotation | undefined;
  readonly others: readonly ShownAnnotation[];
  readonly earlier: readonly ShownAnnotation[];
  readonly feedback: ReturnType<typeof useFeedback>;
}

/** The call's cards, and what the agent does with them. */
export function useCards(session: Session, view: View, clock: () => number): Cards {
  const feedback = useFeedback(session);
  // A copied reply is about to be read aloud: its card counts as used and yet stays for a while.
  const inUse = view.pinned ?? feedback.asksReason;
  const keep = inUse ?? feedback.copied?.id ?? null;
  const cards = useMemo(() => currentCards(view.call, view.now, keep), [view.call, view.now, keep]);
  const earlier = useMemo(() => earlierCards(view.call, view.now, keep), [view.call, view.now, keep]);
  const topCard = useTopCard(cards, feedback.opened, inUse, clock);
  return { topCard, others: cardsBelow(cards, topCard?.id), earlier, feedback };
}
