import type { LiveContact } from "@sotto/api";
import { describe, expect, it } from "vitest";
import { ROWS_PER_PAGE, liveViewOf, nameOf, queryOf, rowsOf } from "../src/live/liveView";

const plain: LiveContact = {
  contactId: "c",
  conversationId: "v",
  agent: "maria",
  agentName: null,
  team: "retention",
  queue: null,
  startedAtMs: 1_000,
  channel: "VOICE",
  riskCount: 0,
  riskMoments: [],
  caller: null,
  reason: null,
  missedSteps: [],
  mood: null,
  lastWords: null,
};
const view = (query: string) => liveViewOf(new URLSearchParams(query));
const many = (count: number) => Array.from({ length: count }, (_, number) => ({ ...plain, contactId: `c${number}`, agent: `agent ${number}`, startedAtMs: number }));

describe("the address", () => {
  it("holds how the list is seen, and comes out as it went in", () => {
    const query = new URLSearchParams(Object.entries(queryOf(view("q=fee&risk=1&words=1&sort=-mood&page=2"))).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
    expect(query.toString()).toBe("page=2&q=fee&risk=1&words=1&sort=-mood");
  });

  it.each(["page=0", "page=-1", "page=x", "page=1.5", "sort=nonsense"])("with nonsense in it is the plain list: %s", (query) => {
    expect(view(query)).toEqual(view(""));
  });

  it("begins at the first page again where what is listed changes", () => {
    expect(queryOf({ text: "fee" })).toEqual({ page: null, q: "fee" });
  });
});

describe("the rows", () => {
  it("are pages of all that fit", () => {
    const rows = rowsOf(many(60), view("page=3"));
    expect([rows.all.length, rows.pages, rows.rows.length]).toEqual([60, 3, 60 - 2 * ROWS_PER_PAGE]);
  });

  it("are the last page's where calls have ended meanwhile", () => {
    expect(rowsOf(many(30), view("page=9")).page).toBe(2);
    expect(rowsOf([], view("page=9"))).toEqual({ all: [], rows: [], pages: 1, page: 1 });
  });

  it.each([
    ["sort=agent", ["Ann", "otto"]],
    ["sort=-agent", ["otto", "Ann"]],
    ["sort=mood", ["otto", "Ann"]],
    ["sort=since", ["otto", "Ann"]],
    ["", ["otto", "Ann"]],
  ])("come in the order of the address: %j", (query, names) => {
    const contacts = [
      { ...plain, contactId: "1", agent: "otto", mood: -0.6, startedAtMs: 5_000 },
      { ...plain, contactId: "2", agentName: "Ann", startedAtMs: 2_000 },
    ];
    expect(rowsOf(contacts, view(query)).rows.map(nameOf)).toEqual(names);
  });
});
