import { type FormPeriod, type FormView, formViewOf, periodOf, periodText } from "../figures/figureForm";
import { type KeptReport, STARTER, type Tile } from "./keptReports";

/** A report as it is seen; it stands in the address. */
export interface ReportView {
  /** Empty: the one that everybody begins with, or one whose tiles the address holds. */
  readonly name: string;
  /** Of all tiles. */
  readonly period: FormPeriod;
  /** Teams that all tiles are narrowed to; none: all. */
  readonly teams: readonly string[];
  /** Of an address that was sent: it needs nothing that is kept. */
  readonly tiles: readonly Tile[];
}

export function reportViewOf(query: URLSearchParams): ReportView {
  return {
    name: query.get("name") ?? "",
    period: periodOf(query.get("period")),
    teams: query.getAll("team"),
    tiles: query.getAll("tile").flatMap(tileOf),
  };
}

/** `Title|metric=...`; the title is what stands before the first bar. */
function tileOf(written: string): readonly Tile[] {
  const [title = "", ...rest] = written.split("|");
  const query = rest.join("|");
  return formViewOf(new URLSearchParams(query)) === null ? [] : [{ title, query }];
}

export function reportHref({ name, period, teams, tiles }: ReportView): string {
  const query = new URLSearchParams();
  if (name !== "") query.set("name", name);
  if (!("days" in period) || period.days !== 28) query.set("period", periodText(period));
  for (const team of teams) query.append("team", team);
  for (const tile of tiles) query.append("tile", `${tile.title.replaceAll("|", " ")}|${tile.query}`);
  const asked = query.toString();
  return `#/reports${asked === "" ? "" : `?${asked}`}`;
}

/** The tiles of a view: its own, those of the kept report of its name, or those that everybody begins with. */
export function tilesOf(view: ReportView, kept: readonly KeptReport[]): readonly Tile[] {
  if (view.tiles.length > 0) return view.tiles;
  if (view.name !== "") return kept.find((each) => each.name === view.name)?.tiles ?? [];
  return STARTER.map((query) => ({ title: "", query }));
}

/** A tile's form over the report's days and teams. null: the tile names no metric. */
export function formOfTile(tile: Tile, { period, teams }: Pick<ReportView, "period" | "teams">): FormView | null {
  const form = formViewOf(new URLSearchParams(tile.query));
  if (form === null) return null;
  const narrowed = teams.length > 0 ? [{ dimension: "team", values: teams, without: false }] : [];
  return { ...form, period, filters: [...form.filters, ...narrowed] };
}
