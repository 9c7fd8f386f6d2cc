import type { ShownAnnotation } from "@sotto/call";
import type { CardActions } from "./cardActions";

/** Does with the card on top what a key asks for. */
export function actOnCard(card: ShownAnnotation, action: "copy" | "done" | "dismiss" | "up" | "down", actions: CardActions): void {
  switch (action) {
    case "copy":
      return card.reply ? actions.copy(card) : undefined;
    case "done":
      return actions.acknowledge(card.id);
    case "dismiss":
      return actions.dismiss(card.id);
    case "up":
      return actions.rate(card.id, "UP");
    case "down":
      return actions.rate(card.id, "DOWN");
  }
}
