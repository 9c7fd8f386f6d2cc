import { describe, expect, it } from "vitest";
import { type Group, draftOf, kindOf, proposedName, stateOf } from "../src/gaps/gaps";

const group = (kind: Group["kind"], ...phrases: string[]) => ({ kind, phrases }) as unknown as Group;

describe("groups of gaps", () => {
  it("are those of new intents that wait, where an address says nothing that is known", () => {
    expect([kindOf(null), kindOf("nonsense"), kindOf("article")]).toEqual(["INTENT", "INTENT", "ARTICLE"]);
    expect([stateOf(null), stateOf("ignored")]).toEqual(["OPEN", "IGNORED"]);
  });

  it("propose a name of their first phrase", () => {
    expect(proposedName(group("INTENT", "travel notice", "abroad"))).toBe("travel_notice");
    expect(proposedName(group("INTENT", "3d secure's"))).toBe("d_secure_s");
    expect(proposedName(group("INTENT"))).toBe("");
    expect(proposedName(group("ARTICLE", "fees abroad"))).toBe("Fees abroad");
  });

  it("make a draft of what was asked", () => {
    const asked = [{ contactId: "c1", id: "q", text: "what is the fee\nin spain", atMs: 1 }];
    expect(draftOf("Fees abroad", asked)).toBe("# Fees abroad\n\n- what is the fee in spain\n");
  });
});
