import type { LinkState } from "@sotto/realtime";
import type { CallState } from "./state";

/** How well Sotto serves this call, in one word and a reason. Quiet: only `offline`, `delayed` and `off` ask for a glance. */
export interface ServiceStatus {
  readonly state: "connecting" | "waiting" | "live" | "offline" | "delayed" | "off" | "ended";
  readonly reason?: string;
  /** A part of the service says so of itself; otherwise the server shows nothing at all. */
  readonly part?: string;
}

interface Shown {
  contactId: string | null;
  call: CallState;
  status: ServiceStatus;
}

interface Trouble {
  link: LinkState;
  isTroubled: boolean;
  lasted: boolean;
  /** Why the server will not show this contact. */
  refused: string | null;
  /** The contact went to another agent. */
  wasTransferred: boolean;
}

export function serviceStatusOf(shown: Shown, trouble: Trouble): ServiceStatus {
  if (trouble.refused !== null) return { state: "off", reason: trouble.refused };
  if (trouble.wasTransferred) return { state: "ended" };
  // A silence has been looked into before it is called one.
  if (trouble.link === "silent") return { state: "offline", reason: "connection" };
  if (trouble.isTroubled && trouble.lasted) return { state: trouble.link === "open" ? "delayed" : "offline", reason: "connection" };
  // A trouble that has just begun is not shown yet: the status before stays.
  if (trouble.isTroubled) return shown.status;
  if (shown.contactId === null) return { state: "waiting" };
  if (shown.call.contact?.status === "ENDED") return { state: "ended" };
  if (shown.call.contact?.unavailable?.includes("transcript")) return { state: "off", reason: "language" };
  return worstHealth(shown.call) ?? { state: "live" };
}

/** Whether the work after the call is on: a link that is lost then, or late, changes nothing of it. */
export function hasEnded({ status, call }: Shown): boolean {
  return status.state === "ended" || call.contact?.status === "ENDED";
}

function worstHealth(call: CallState): ServiceStatus | null {
  const parts = [...call.health.values()];
  const worst = parts.find((health) => health.state === "OFF") ?? parts.find((health) => health.state === "DELAYED");
  if (!worst) return null;
  return { state: worst.state === "OFF" ? "off" : "delayed", reason: worst.reason ?? worst.part, part: worst.part };
}
