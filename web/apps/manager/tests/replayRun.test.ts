import { describe, expect, it } from "vitest";
import { type Replayed, behind, rulesOf } from "../src/playbooks/replayRun";
import { drawn, linesOf } from "../src/playbooks/tree";

function call(contactId: string, ...fired: readonly [string, "BOTH" | "LIVE" | "DRAFT"][]): Replayed {
  return {
    contactId,
    startedAtMs: 1,
    mayOpen: true,
    skipped: null,
    noted: 0,
    foundAgain: 0,
    undecidable: [],
    isThinned: false,
    fired: fired.map(([name, side]) => ({ kind: "MOMENT", name, title: name, atMs: 1000, utteranceId: null, side })),
  };
}

describe("rulesOf", () => {
  it("counts before and now, and puts what changes most first", () => {
    const rules = rulesOf([call("c1", ["kept", "BOTH"], ["lost", "LIVE"]), call("c2", ["kept", "BOTH"], ["lost", "LIVE"], ["new", "DRAFT"])]);
    expect(rules.map(({ name, before, after, gained, lost }) => [name, before, after, gained, lost])).toEqual([
      ["lost", 2, 0, 0, 2],
      ["new", 0, 1, 1, 0],
      ["kept", 2, 2, 0, 0],
    ]);
  });

  it("lists what nobody can say, though it never fires", () => {
    const [rule] = rulesOf([{ ...call("c1"), undecidable: ["asks_for_more"] }]);
    expect([rule?.name, rule?.unknown, rule?.after]).toEqual(["asks_for_more", 1, 0]);
  });
});

describe("behind", () => {
  it("shows gains before losses before what stays", () => {
    const rows = behind([call("c1", ["m", "BOTH"]), call("c2", ["m", "LIVE"]), call("c3", ["m", "DRAFT"], ["other", "DRAFT"])], "moment/m");
    expect(rows.map(({ contactId }) => contactId)).toEqual(["c3", "c2", "c1"]);
  });
});

const NODES = [
  { id: "m", parent: null, kind: "moment-defined", role: null, name: "M", about: [], speaker: null, withinMs: null },
  { id: "m/when", parent: "m", kind: "any", role: "when", name: "", about: [], speaker: null, withinMs: null },
  { id: "m/when/0", parent: "m/when", kind: "phrases", role: null, name: "", about: ["a"], speaker: null, withinMs: null },
  { id: "m/when/1", parent: "m/when", kind: "phrases", role: null, name: "", about: ["b"], speaker: null, withinMs: null },
];

describe("drawn", () => {
  it("puts each node a column further and above the middle of what leads to it", () => {
    const { placed, columns, rows } = drawn(NODES, "m");
    expect([columns, rows]).toEqual([3, 2]);
    expect(Object.fromEntries(placed.map(({ node, column, row }) => [node.id, [column, row]]))).toEqual({ m: [0, 0.5], "m/when": [1, 0.5], "m/when/0": [2, 0], "m/when/1": [2, 1] });
    expect(placed.find(({ node }) => node.id === "m/when/1")?.parent).toEqual({ column: 1, row: 0.5 });
    expect(drawn(NODES, "gone").placed).toEqual([]);
  });

  it("says the same in lines", () => {
    expect(linesOf(NODES, "m", ({ kind }) => kind).map(({ depth, text }) => `${depth} ${text}`)).toEqual(["0 moment-defined", "1 any", "2 phrases", "2 phrases"]);
  });
});
