import { type ConversationRow, GraphqlRefused } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { describe, expect, it } from "vitest";
import { ConversationList } from "../src/conversations/conversationList";
import { conversationViewOf, listFilterOf, queryOf, searchFilterOf, withConditions } from "../src/conversations/conversationView";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const view = (query: string) => conversationViewOf(new URLSearchParams(query));

describe("the address of the list", () => {
  it("holds words, conditions, days, order and page", () => {
    const seen = view("q=fee&f=agent=maria&f=score>=80&period=7&sort=-duration&page=2");
    expect(seen).toEqual({
      words: "fee",
      conditions: [
        { property: "agent", operator: "=", value: "maria" },
        { property: "score", operator: ">=", value: "80" },
      ],
      period: { days: 7 },
      sort: "DURATION",
      isDescending: true,
      page: 2,
    });
  });

  it.each(["f=agent", "f=colour=red", "f=score=80", "f=agent>=maria", "f=score>=many", "f=minutes<=-1", "period=0", "period=2026-02-01..2026-01-01", "sort=colour", "page=0"])("with nonsense in it is the plain list: %s", (query) => {
    expect(view(query)).toEqual(view(""));
  });

  it("keeps the rest where the conditions change, from the first page", () => {
    const next = withConditions(new URLSearchParams("q=fee&f=agent=maria&page=4"), [{ property: "queue", operator: "=", value: "Cards & more" }]);
    expect(conversationViewOf(next)).toEqual({ ...view("q=fee"), conditions: [{ property: "queue", operator: "=", value: "Cards & more" }] });
  });

  it("is plain where all is as usual", () => {
    expect(queryOf({ words: "", period: { days: 30 }, sort: "STARTED", isDescending: true, page: 1 })).toEqual({ page: null, q: "", period: null, sort: null });
  });
});

describe("what is asked", () => {
  it("is any of several agents, the narrowest bounds, and lengths in ms", () => {
    const asked = listFilterOf(view("f=agent=maria&f=agent=otto&f=score>=20&f=score>=40&f=minutes<=5&period=1"), NOW);
    expect(asked).toEqual({ sinceMs: NOW - DAY_MS, untilMs: NOW + DAY_MS, agents: ["maria", "otto"], minScore: 40, maxDurationMs: 300_000 });
  });

  it("has both days in it, by the user's own clock", () => {
    const { sinceMs, untilMs } = listFilterOf(view("period=2026-03-01..2026-03-02"), NOW);
    expect([sinceMs, untilMs]).toEqual([new Date(2026, 2, 1).getTime(), new Date(2026, 2, 2).getTime() + DAY_MS]);
  });

  it("has no length where moments are searched", () => {
    expect(searchFilterOf(view("f=minutes>=5&f=team=retention&period=1"), NOW)).toEqual({ sinceMs: NOW - DAY_MS, untilMs: NOW + DAY_MS, teams: ["retention"] });
  });
});

const row = (number: number) => ({ conversationId: `c${number}` }) as ConversationRow;
const QUESTION = { filter: {}, sort: "STARTED", descending: true } as const;

/** Answers from pages of rows, the cursor being the page's number. */
function server(pages: readonly (readonly ConversationRow[])[]) {
  const asked: unknown[] = [];
  const request = (_: unknown, variables: { after?: string | null }) => {
    asked.push(variables.after ?? null);
    const number = Number(variables.after ?? 0);
    return Promise.resolve({ conversations: { conversations: pages[number] ?? [], cursor: number + 1 < pages.length ? String(number + 1) : null } });
  };
  return { asked, graphql: { request } as Requests };
}

describe("the list", () => {
  it("reads as far as somebody looks, also over pages that are not full", async () => {
    const { asked, graphql } = server([[row(1)], [], [row(2), row(3)], [row(4)]]);
    const list = new ConversationList(graphql);
    await list.ask(QUESTION, 2);
    expect(list.snapshot().rows.map((each) => each.conversationId)).toEqual(["c1", "c2", "c3"]);
    expect([list.snapshot().hasMore, asked]).toEqual([true, [null, "1", "2"]]);
    await list.readTo(10);
    expect([list.snapshot().rows.length, list.snapshot().hasMore, list.snapshot().state]).toEqual([4, false, "loaded"]);
  });

  it("gives up on a rare thing after so many pages, and can go on", async () => {
    const { asked, graphql } = server(Array.from({ length: 50 }, () => []));
    const list = new ConversationList(graphql);
    await list.ask(QUESTION, 1);
    expect([asked.length, list.snapshot().hasMore, list.snapshot().state]).toEqual([30, true, "loaded"]);
  });

  it("drops the answer to a question that is not asked any more", async () => {
    const answers: ((value: unknown) => void)[] = [];
    const list = new ConversationList({ request: () => new Promise((resolve) => answers.push(resolve as never)) });
    const first = list.ask(QUESTION, 1);
    const second = list.ask({ ...QUESTION, descending: false }, 1);
    answers[0]?.({ conversations: { conversations: [row(1)], cursor: null } });
    answers[1]?.({ conversations: { conversations: [row(2)], cursor: null } });
    await Promise.all([first, second]);
    expect(list.snapshot().rows.map((each) => each.conversationId)).toEqual(["c2"]);
  });

  it.each([
    [new GraphqlRefused("filter.sinceMs: more than 800 days", "BadRequest"), "refused", "filter.sinceMs: more than 800 days"],
    [new Error("no network"), "failed", ""],
  ])("says why nothing came: %s", async (error, state, reason) => {
    const list = new ConversationList({ request: () => Promise.reject(error) });
    await list.ask(QUESTION, 1);
    expect([list.snapshot().state, list.snapshot().reason]).toEqual([state, reason]);
  });
});
