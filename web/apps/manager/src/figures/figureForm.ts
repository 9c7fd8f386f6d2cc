import type { FigureCompare, FigureFormInput } from "@sotto/api";
import type { Query } from "../routes/route";

export interface FormFilter {
  readonly dimension: string;
  readonly values: readonly string[];
  readonly without: boolean;
}

/** Which days: the last so many with today, or from one day to another, both included. Days are UTC, as figures are counted. */
export type FormPeriod = { readonly days: number } | { readonly first: string; readonly last: string };

/** What is asked for, as it stands in an address. */
export interface FormView {
  readonly metric: string;
  readonly period: FormPeriod;
  readonly dimensions: readonly string[];
  readonly filters: readonly FormFilter[];
  readonly compare: FigureCompare;
  /** The highest figure first, the lowest first, or by the dimensions. */
  readonly order: "highest" | "lowest" | null;
  /** Rows; null: as many as are shown at most. */
  readonly limit: number | null;
}

export const MOST_DIMENSIONS = 3;
export const USUAL_DAYS = 28;
/** More make no chart and no table that anybody reads. */
export const MOST_ROWS = 200;
const MOST_DAYS = 800;
const COMPARES: readonly FigureCompare[] = ["NOTHING", "PREVIOUS", "WEEK", "YEAR"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FILTER = /^([a-z_]+)(!=|=)(.+)$/s;

/** null: the address names no metric. */
export function formViewOf(query: URLSearchParams): FormView | null {
  const metric = query.get("metric");
  if (metric === null || metric === "") return null;
  const order = query.get("order");
  const limit = Number(query.get("rows"));
  return {
    metric,
    period: periodOf(query.get("period")),
    dimensions: (query.get("by") ?? "").split(",").filter((name) => name !== "").slice(0, MOST_DIMENSIONS),
    filters: query.getAll("f").flatMap(filterOf),
    compare: COMPARES.find((each) => each.toLowerCase() === query.get("compare")) ?? "NOTHING",
    order: order === "highest" || order === "lowest" ? order : null,
    limit: Number.isInteger(limit) && limit >= 1 && limit < MOST_ROWS ? limit : null,
  };
}

export function periodOf(written: string | null): FormPeriod {
  const [first = "", last = ""] = (written ?? "").split("..");
  if (DAY.test(first) && DAY.test(last) && first <= last) return { first, last };
  const days = Number(written ?? USUAL_DAYS);
  return { days: Number.isInteger(days) && days >= 1 && days <= MOST_DAYS ? days : USUAL_DAYS };
}

export function periodText(period: FormPeriod): string {
  return "days" in period ? String(period.days) : `${period.first}..${period.last}`;
}

/** One that says nothing that can be asked is left out. */
function filterOf(written: string): readonly FormFilter[] {
  const [, dimension, sign, values] = FILTER.exec(written) ?? [];
  if (dimension === undefined || values === undefined) return [];
  return [{ dimension, values: values.split("|").filter((value) => value !== ""), without: sign === "!=" }];
}

/** As an address holds it; without a question or whatever else stands there. */
export function queryOfForm(form: FormView): URLSearchParams {
  const query = new URLSearchParams({ metric: form.metric, period: periodText(form.period) });
  if (form.dimensions.length > 0) query.set("by", form.dimensions.join(","));
  for (const { dimension, values, without } of form.filters) query.append("f", `${dimension}${without ? "!=" : "="}${values.join("|")}`);
  if (form.compare !== "NOTHING") query.set("compare", form.compare.toLowerCase());
  if (form.order !== null) query.set("order", form.order);
  if (form.limit !== null) query.set("rows", String(form.limit));
  return query;
}

export function formHref(page: string, form: FormView, more: Query = {}): string {
  const query = queryOfForm(form);
  for (const [name, value] of Object.entries(more)) if (value !== null && value !== "") query.set(name, value);
  return `#/${page}?${query}`;
}

/** `now` in Unix epoch ms. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

export function daysOf(period: FormPeriod, now: number): { first: string; last: string } {
  return "days" in period ? { first: dayOf(now - (period.days - 1) * DAY_MS), last: dayOf(now) } : period;
}

/** As the server takes it. */
export function inputOf(form: FormView, now: number): FigureFormInput {
  return {
    metric: form.metric,
    period: daysOf(form.period, now),
    dimensions: form.dimensions,
    filters: form.filters.map(({ dimension, values, without }) => ({ dimension, values, without })),
    compare: form.compare,
    highest: form.order === null ? null : form.order === "highest",
    limit: form.limit ?? MOST_ROWS,
  };
}

interface ServerForm {
  readonly metric: string;
  readonly period: { readonly first: string; readonly last: string };
  readonly dimensions: readonly string[];
  readonly filters: readonly FormFilter[];
  readonly compare: FigureCompare;
  readonly highest: boolean | null;
  readonly limit: number;
}

/** The form that the server understood. */
export function viewOfServer(form: ServerForm): FormView {
  const { metric, period, dimensions, filters, compare, highest, limit } = form;
  return { metric, period, dimensions, filters, compare, order: highest === null ? null : highest ? "highest" : "lowest", limit: limit < MOST_ROWS ? limit : null };
}

/** What a row of a figure is of: the same form, for that row alone. null where the row has no name for a dimension. */
export function formOfRow(form: FormView, key: readonly (string | null)[]): FormView | null {
  if (key.some((value) => value === null)) return null;
  const named = form.dimensions.map((dimension, at) => ({ dimension, values: [key[at] ?? ""], without: false }));
  return { ...form, dimensions: [], filters: [...form.filters, ...named], order: null, limit: null };
}
