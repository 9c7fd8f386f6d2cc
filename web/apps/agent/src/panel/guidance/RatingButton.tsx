import Button from "@cloudscape-design/components/button";
import type { Feedback, Rating } from "@sotto/api";
import { useWording } from "../../messages";

export function RatingButton({ rating, feedback, onRate }: { rating: Rating; feedback: Feedback | undefined; onRate: () => void }) {
  const { t } = useWording();
  const isUp = rating === "UP";
  const isGiven = feedback?.rating === rating;
  const icon = `thumbs-${isUp ? "up" : "down"}${isGiven ? "-filled" : ""}` as const;
  const label = isUp ? t.helpful : t.notHelpful;
  return <Button variant="icon" iconName={icon} ariaLabel={isGiven ? `${label}: ${t.thanks}` : label} onClick={onRate} />;
}
