import type { CallState } from "./state";

/** How well the agent is served, in one word and a reason. Quiet: only `delayed` and `off` ask for a glance. */
export interface Standing {
  readonly state: "connecting" | "waiting" | "live" | "delayed" | "off" | "ended";
  readonly reason?: string;
}

interface Seen {
  contactId: string | null;
  call: CallState;
  standing: Standing;
}

interface Trouble {
  isTroubled: boolean;
  lasted: boolean;
  /** Why the server will not show this contact. */
  refused: string | null;
  /** The contact went to another agent. */
  hasLeft: boolean;
}

export function standingOf(seen: Seen, trouble: Trouble): Standing {
  if (trouble.refused !== null) return { state: "off", reason: trouble.refused };
  if (trouble.hasLeft) return { state: "ended" };
  if (trouble.isTroubled && trouble.lasted) return { state: "delayed", reason: "connection" };
  // A trouble that has just begun is not shown yet: what stood before stands.
  if (trouble.isTroubled) return seen.standing;
  if (seen.contactId === null) return { state: "waiting" };
  if (seen.call.contact?.status === "ENDED") return { state: "ended" };
  return worstHealth(seen.call) ?? { state: "live" };
}

function worstHealth(call: CallState): Standing | null {
  const parts = [...call.health.values()];
  const worst = parts.find((health) => health.state === "OFF") ?? parts.find((health) => health.state === "DELAYED");
  if (!worst) return null;
  return { state: worst.state === "OFF" ? "off" : "delayed", reason: worst.reason ?? worst.part };
}
