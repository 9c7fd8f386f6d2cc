import { LiveRegion, fill } from "@sotto/ui";
import type { ServiceStatus, ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";
import { KEYS } from "../keys";

/** Announces to a screen reader which card is on top and when guidance stops or comes back; never the transcript. */
export function Announcer({ topCard, status }: { topCard: ShownAnnotation | undefined; status: ServiceStatus["state"] }) {
  const { t } = useWording();
  const isTroubled = status === "offline" || status === "delayed" || status === "off";
  const reply = topCard?.reply ? ` ${fill(t.announceReply, { key: KEYS.copy })}` : "";
  const card = topCard ? fill(t.announceCard, { title: topCard.title || topCard.name }) + reply : "";
  return <LiveRegion text={isTroubled ? t.status[status] : card} />;
}
