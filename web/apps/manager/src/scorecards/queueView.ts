import type { ScorecardFilter, ScorecardQueueResult } from "@sotto/api";
import { type Period, periodOf, periodText, timesOf } from "../conversations/conversationView";
import type { Query } from "../routes/route";

export type QueuedScorecard = ScorecardQueueResult["scorecardQueue"]["scorecards"][number];

export const TABS = ["unseen", "appealed", "seen", "all"] as const;
export type Tab = (typeof TABS)[number];
export const SORT_KEYS = ["started", "agent", "team", "form", "score", "determined"] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export const PROPERTIES = ["agent", "team", "form", "score"] as const;
export type Property = (typeof PROPERTIES)[number];

export interface Condition {
  readonly property: Property;
  readonly operator: "=" | ">=" | "<=";
  readonly value: string;
}

/** How the queue is seen; it stands in the address. */
export interface QueueView {
  readonly tab: Tab;
  readonly conditions: readonly Condition[];
  readonly period: Period;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

export const ROWS_PER_PAGE = 25;
const CONDITION = /^(agent|team|form|score)(>=|<=|=)(.+)$/s;

export function queueViewOf(query: URLSearchParams): QueueView {
  const written = query.get("sort") ?? "-started";
  const sort = SORT_KEYS.find((key) => key === written.replace(/^-/, ""));
  const page = Number(query.get("page") ?? 1);
  return {
    tab: TABS.find((tab) => tab === query.get("tab")) ?? "unseen",
    conditions: query.getAll("f").flatMap(conditionOf),
    period: periodOf(query.get("period")),
    sort: sort ?? "started",
    isDescending: sort === undefined || written.startsWith("-"),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** One that says nothing that can be asked is left out. */
function conditionOf(written: string): readonly Condition[] {
  const [, name, sign, value] = CONDITION.exec(written) ?? [];
  if (name === undefined || value === undefined) return [];
  const isScore = name === "score";
  if (isScore === (sign === "=") || (isScore && !(Number(value) >= 0 && Number(value) <= 100))) return [];
  return [{ property: name as Property, operator: sign as Condition["operator"], value }];
}

export function queryOf(part: Partial<Omit<QueueView, "conditions">>): Query {
  const { tab, period, sort, isDescending, page } = part;
  return {
    page: page === undefined || page === 1 ? null : String(page),
    ...(tab === undefined ? {} : { tab: tab === "unseen" ? null : tab }),
    ...(period === undefined ? {} : { period: periodText(period) }),
    ...(sort === undefined ? {} : { sort: sort === "started" && isDescending ? null : `${isDescending ? "-" : ""}${sort}` }),
  };
}

/** The query with these conditions instead of those in it, from the first page. */
export function withConditions(query: URLSearchParams, conditions: readonly Condition[]): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete("f");
  next.delete("page");
  for (const { property, operator, value } of conditions) next.append("f", `${property}${operator}${value}`);
  return next;
}

/** What the server is asked: what is sorted and paged stays here. Of several bounds the narrowest counts. */
export function filterOf(view: QueueView, now: number): ScorecardFilter {
  const values = (property: Property, operator: Condition["operator"]) => view.conditions.filter((each) => each.property === property && each.operator === operator).map(({ value }) => value);
  const names = { agents: values("agent", "="), teams: values("team", "="), forms: values("form", "=") };
  const [least, most] = [values("score", ">=").map(Number), values("score", "<=").map(Number)];
  return {
    ...timesOf(view.period, now),
    ...Object.fromEntries(Object.entries(names).filter(([, given]) => given.length > 0)),
    ...(view.tab === "all" ? {} : { states: [STATES[view.tab]] }),
    ...(least.length > 0 ? { minScore: Math.max(...least) } : {}),
    ...(most.length > 0 ? { maxScore: Math.min(...most) } : {}),
  };
}

const STATES = { unseen: "UNSEEN", appealed: "APPEALED", seen: "SEEN" } as const;

export interface QueueRows {
  readonly all: readonly QueuedScorecard[];
  readonly rows: readonly QueuedScorecard[];
  readonly pages: number;
  readonly page: number;
}

export function rowsOf(scorecards: readonly QueuedScorecard[], view: QueueView): QueueRows {
  const all = sorted(scorecards, view);
  const pages = Math.max(1, Math.ceil(all.length / ROWS_PER_PAGE));
  const page = Math.min(view.page, pages);
  return { all, rows: all.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE), pages, page };
}

export const nameOf = (row: QueuedScorecard): string => row.agentName ?? row.agent ?? "";

const names = new Intl.Collator();
const text = (value: (row: QueuedScorecard) => string) => (a: QueuedScorecard, b: QueuedScorecard) => names.compare(value(a), value(b));

const ORDER: Record<Exclude<SortKey, "score">, (a: QueuedScorecard, b: QueuedScorecard) => number> = {
  started: (a, b) => a.startedAtMs - b.startedAtMs,
  agent: text(nameOf),
  team: text((row) => row.team ?? ""),
  form: text((row) => row.form),
  determined: (a, b) => a.determined - b.determined,
};

/** What has no score comes last either way. */
function sorted(scorecards: readonly QueuedScorecard[], { sort, isDescending }: QueueView): readonly QueuedScorecard[] {
  const sign = isDescending ? -1 : 1;
  return [...scorecards].sort((a, b) => {
    if (sort !== "score") return sign * ORDER[sort](a, b);
    if (a.percentage === null || b.percentage === null) return Number(a.percentage === null) - Number(b.percentage === null);
    return sign * (a.percentage - b.percentage);
  });
}
