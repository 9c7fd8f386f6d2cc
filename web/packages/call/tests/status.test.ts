import { anyContact } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { emptyCall } from "../src/state";
import { hasEnded } from "../src/status";

describe("the end of a call", () => {
  const shown = (status: "CONNECTED" | "ENDED", state: "live" | "offline" | "ended") => ({ contactId: "c1", call: { ...emptyCall, contact: anyContact({ status }) }, status: { state } });

  it("stays when the link is lost after it", () => {
    expect(hasEnded(shown("ENDED", "ended"))).toBe(true);
    expect(hasEnded(shown("ENDED", "offline"))).toBe(true);
  });

  it("is also that the customer went to another agent, and not that the link is lost", () => {
    expect(hasEnded(shown("CONNECTED", "ended"))).toBe(true);
    expect(hasEnded(shown("CONNECTED", "offline"))).toBe(false);
  });
});
