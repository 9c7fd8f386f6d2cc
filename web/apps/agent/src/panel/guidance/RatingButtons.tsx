import type { Feedback } from "@sotto/api";
import type { CardActions } from "./cardActions";
import { RatingButton } from "./RatingButton";

/** Helpful or not; nothing for a supervisor, who only reads. */
export function RatingButtons({ id, feedback, actions }: { id: string; feedback: Feedback | undefined; actions: CardActions }) {
  return (
    <>
      <RatingButton rating="UP" feedback={feedback} onRate={() => actions.rate(id, "UP")} />
      <RatingButton rating="DOWN" feedback={feedback} onRate={() => actions.rate(id, "DOWN")} />
    </>
  );
}
