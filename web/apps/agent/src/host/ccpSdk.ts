import "amazon-connect-streams";
import { CcpHost } from "./ccp";
import { ConfigMistake } from "@sotto/client";

const WIDTH = "320px";

/** Puts the CCP beside the panel. */
export function connectCcp(ccpUrl: string | undefined): CcpHost {
  if (ccpUrl === undefined) throw new ConfigMistake("config.json: host ccp needs ccpUrl");
  const place = document.createElement("div");
  place.className = "ccp";
  place.style.width = WIDTH;
  document.body.prepend(place);
  connect.core.initCCP(place, { ccpUrl, loginPopup: true, softphone: { allowFramedSoftphone: true } });
  return new CcpHost({
    onAgent: (callback) => ending(connect.agent(callback)),
    onContact: (callback) => ending(connect.contact(callback)),
    onViewContact: (callback) => ending(connect.core.onViewContact(callback)),
  });
}

/** Streams types its `unsubscribe` as any function at all. */
function ending(subscription: connect.Subscription): { unsubscribe: () => void } {
  return { unsubscribe: subscription.unsubscribe as () => void };
}
