import Button from "@cloudscape-design/components/button";
import type { Feedback, Verdict } from "@sotto/api";
import { useWording } from "../../messages";

export function RatingButton({ verdict, feedback, onRate }: { verdict: Verdict; feedback: Feedback | undefined; onRate: () => void }) {
  const { t } = useWording();
  const isUp = verdict === "UP";
  const isGiven = feedback?.verdict === verdict;
  const icon = `thumbs-${isUp ? "up" : "down"}${isGiven ? "-filled" : ""}` as const;
  const label = isUp ? t.helpful : t.notHelpful;
  return <Button variant="icon" iconName={icon} ariaLabel={isGiven ? `${label}: ${t.thanks}` : label} onClick={onRate} />;
}
