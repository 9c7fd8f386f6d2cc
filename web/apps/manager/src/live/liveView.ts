import type { LiveContact } from "@sotto/api";
import { filtered } from "@sotto/call";
import type { Query } from "../routes/route";

/** How the list is seen; it stands in the address. */
export interface LiveView {
  readonly text: string;
  readonly onlyAtRisk: boolean;
  readonly withLastWords: boolean;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

export type SortKey = "attention" | "agent" | "team" | "since" | "mood";
const SORT_KEYS: readonly SortKey[] = ["attention", "agent", "team", "since", "mood"];
export const ROWS_PER_PAGE = 25;

export function liveViewOf(query: URLSearchParams): LiveView {
  const asked = query.get("sort") ?? "";
  const page = Number(query.get("page") ?? 1);
  return {
    text: query.get("q") ?? "",
    onlyAtRisk: query.get("risk") === "1",
    withLastWords: query.get("words") === "1",
    sort: SORT_KEYS.find((key) => key === asked.replace(/^-/, "")) ?? "attention",
    isDescending: asked.startsWith("-"),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** A change of what is listed begins at the first page again. */
export function queryOf(part: Partial<LiveView>): Query {
  const { text, onlyAtRisk, withLastWords, sort, isDescending, page } = part;
  return {
    page: page === undefined || page === 1 ? null : String(page),
    ...(text === undefined ? {} : { q: text }),
    ...(onlyAtRisk === undefined ? {} : { risk: onlyAtRisk ? "1" : null }),
    ...(withLastWords === undefined ? {} : { words: withLastWords ? "1" : null }),
    ...(sort === undefined ? {} : { sort: sort === "attention" ? null : `${isDescending ? "-" : ""}${sort}` }),
  };
}

export interface LiveRows {
  /** All that fit the filter, in order. */
  readonly all: readonly LiveContact[];
  /** Those of the page. */
  readonly rows: readonly LiveContact[];
  readonly pages: number;
  /** The page that is shown: the last one where calls have ended meanwhile. */
  readonly page: number;
}

/** `contacts` come with those first that ask for a look. */
export function rowsOf(contacts: readonly LiveContact[], view: LiveView): LiveRows {
  const all = sorted(filtered(contacts, view), view);
  const pages = Math.max(1, Math.ceil(all.length / ROWS_PER_PAGE));
  const page = Math.min(view.page, pages);
  return { all, rows: all.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE), pages, page };
}

function sorted(contacts: readonly LiveContact[], { sort, isDescending }: LiveView): readonly LiveContact[] {
  if (sort === "attention") return contacts;
  const before = ORDER[sort];
  // Array.sort is stable: among equals, those that ask for a look stay first.
  return [...contacts].sort((a, b) => (isDescending ? before(b, a) : before(a, b)));
}

const names = new Intl.Collator();
const ORDER: Record<Exclude<SortKey, "attention">, (a: LiveContact, b: LiveContact) => number> = {
  agent: (a, b) => names.compare(nameOf(a), nameOf(b)),
  team: (a, b) => names.compare(a.team, b.team),
  since: (a, b) => b.startedAtMs - a.startedAtMs,
  // Where no mood was noticed it is even.
  mood: (a, b) => (a.mood ?? 0) - (b.mood ?? 0),
};

export function nameOf(contact: LiveContact): string {
  return contact.agentName ?? contact.agent;
}
