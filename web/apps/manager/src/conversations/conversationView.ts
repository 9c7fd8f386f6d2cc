import type { Channel, ConversationFilter, ConversationSort, SearchFilter } from "@sotto/api";
import type { Query } from "../routes/route";

/** What conversations are narrowed by. Of names several mean any of them, of moments all. */
export const PROPERTIES = ["agent", "team", "queue", "language", "channel", "disposition", "moment", "score", "minutes", "contact"] as const;
export type Property = (typeof PROPERTIES)[number];
export type Operator = "=" | ">=" | "<=";

export interface Condition {
  readonly property: Property;
  readonly operator: Operator;
  readonly value: string;
}

/** Which days: the last so many, or from one day to another, both included, YYYY-MM-DD of the user's own clock. */
export type Period = { readonly days: number } | { readonly from: string; readonly to: string };

/** How the conversations are seen; it stands in the address. */
export interface ConversationView {
  /** What was said or meant; empty: all are listed. */
  readonly words: string;
  readonly conditions: readonly Condition[];
  readonly period: Period;
  readonly sort: ConversationSort;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

export const NUMERIC: readonly Property[] = ["score", "minutes"];
export const ROWS_PER_PAGE = 25;
const USUAL_DAYS = 30;
const MOST_DAYS = 800;
const SORTS: Record<string, ConversationSort> = { started: "STARTED", duration: "DURATION", score: "SCORE" };
const CONDITION = /^([a-z]+)(>=|<=|=)(.+)$/s;

export function conversationViewOf(query: URLSearchParams): ConversationView {
  const sort = query.get("sort") ?? "-started";
  const page = Number(query.get("page") ?? 1);
  return {
    words: query.get("q") ?? "",
    conditions: query.getAll("f").flatMap(conditionOf),
    period: periodOf(query.get("period")),
    sort: SORTS[sort.replace(/^-/, "")] ?? "STARTED",
    isDescending: !(sort.replace(/^-/, "") in SORTS) || sort.startsWith("-"),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** One that says nothing that can be asked is left out. */
function conditionOf(written: string): readonly Condition[] {
  const [, name, sign, value] = CONDITION.exec(written) ?? [];
  const property = PROPERTIES.find((known) => known === name);
  if (property === undefined || sign === undefined || value === undefined) return [];
  const isNumeric = NUMERIC.includes(property);
  if (isNumeric === (sign === "=") || (isNumeric && !(Number(value) >= 0))) return [];
  return [{ property, operator: sign as Operator, value }];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function periodOf(written: string | null): Period {
  const [from = "", to = ""] = (written ?? "").split("..");
  if (DAY.test(from) && DAY.test(to) && from <= to) return { from, to };
  const days = Number(written ?? USUAL_DAYS);
  return { days: Number.isInteger(days) && days > 0 && days <= MOST_DAYS ? days : USUAL_DAYS };
}

/** The address of a view; `f` comes once for each condition, see `withConditions`. */
export function queryOf(part: Partial<Omit<ConversationView, "conditions">>): Query {
  const { words, period, sort, isDescending, page } = part;
  const name = Object.keys(SORTS).find((key) => SORTS[key] === sort);
  return {
    page: page === undefined || page === 1 ? null : String(page),
    ...(words === undefined ? {} : { q: words }),
    ...(period === undefined ? {} : { period: periodText(period) }),
    ...(name === undefined ? {} : { sort: sort === "STARTED" && isDescending ? null : `${isDescending ? "-" : ""}${name}` }),
  };
}

export function periodText(period: Period): string | null {
  if ("from" in period) return `${period.from}..${period.to}`;
  return period.days === USUAL_DAYS ? null : String(period.days);
}

/** The query with these conditions instead of those in it, from the first page. */
export function withConditions(query: URLSearchParams, conditions: readonly Condition[]): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete("f");
  next.delete("page");
  for (const { property, operator, value } of conditions) next.append("f", `${property}${operator}${value}`);
  return next;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Unix epoch ms; `until` is not included. Both always: a cursor is good for the times that were asked for. A clock may be late by a day. */
export function timesOf(period: Period, now: number): { sinceMs: number; untilMs: number } {
  if ("from" in period) return { sinceMs: startOf(period.from), untilMs: startOf(period.to) + DAY_MS };
  return { sinceMs: now - period.days * DAY_MS, untilMs: now + DAY_MS };
}

/** By the user's own clock: a manager's day begins where the manager is. */
function startOf(day: string): number {
  return new Date(`${day}T00:00:00`).getTime();
}

function valuesOf(view: ConversationView, property: Property, operator: Operator = "="): readonly string[] {
  return view.conditions.filter((condition) => condition.property === property && condition.operator === operator).map((condition) => condition.value);
}

/** Of several bounds the narrowest counts. */
function boundsOf(view: ConversationView, property: Property): { least?: number; most?: number } {
  const [least, most] = [valuesOf(view, property, ">=").map(Number), valuesOf(view, property, "<=").map(Number)];
  return { ...(least.length > 0 ? { least: Math.max(...least) } : {}), ...(most.length > 0 ? { most: Math.min(...most) } : {}) };
}

function sharedOf(view: ConversationView, now: number) {
  const names = { agents: valuesOf(view, "agent"), teams: valuesOf(view, "team"), queues: valuesOf(view, "queue"), languages: valuesOf(view, "language"), dispositions: valuesOf(view, "disposition"), moments: valuesOf(view, "moment") };
  const asked = Object.entries(names).filter(([, values]) => values.length > 0);
  const score = boundsOf(view, "score");
  const [contactId] = valuesOf(view, "contact");
  return {
    ...timesOf(view.period, now),
    ...Object.fromEntries(asked),
    ...(contactId === undefined ? {} : { contactId }),
    ...(score.least === undefined ? {} : { minScore: score.least }),
    ...(score.most === undefined ? {} : { maxScore: score.most }),
  };
}

export function listFilterOf(view: ConversationView, now: number): ConversationFilter {
  const minutes = boundsOf(view, "minutes");
  const channels = valuesOf(view, "channel").flatMap(channelOf);
  return {
    ...sharedOf(view, now),
    ...(channels.length > 0 ? { channels } : {}),
    ...(minutes.least === undefined ? {} : { minDurationMs: minutes.least * MINUTE_MS }),
    ...(minutes.most === undefined ? {} : { maxDurationMs: minutes.most * MINUTE_MS }),
  };
}

function channelOf(value: string): readonly Channel[] {
  return (["VOICE", "CHAT"] as const).filter((channel) => channel.toLowerCase() === value.toLowerCase());
}

/** A moment of a conversation has neither length nor channel: these conditions are the list's alone. */
export function searchFilterOf(view: ConversationView, now: number): SearchFilter {
  return sharedOf(view, now);
}
