/** A dashboard: a name and its tiles, each the query of a form's address with a title. */
export interface KeptReport {
  readonly name: string;
  readonly tiles: readonly Tile[];
}

export interface Tile {
  readonly title: string;
  /** As `queryOfForm` writes it. */
  readonly query: string;
}

const KEY = "sotto.reports";
const MOST_TILES = 24;

/** What a new user finds, until something is saved. */
export const STARTER: readonly string[] = [
  "metric=conversations&by=day",
  "metric=average_handle_time&by=team",
  "metric=first_contact_resolution&by=disposition",
  "metric=adoption_rate&by=action&order=highest",
  "metric=quality_score&by=agent&order=highest",
  "metric=transfer_rate&by=week",
];

/** In this browser. What is not ours to read, or was written by another release, is none. */
export function keptReports(): readonly KeptReport[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isReport) : [];
  } catch {
    return [];
  }
}

function isReport(value: unknown): value is KeptReport {
  const { name, tiles } = (value ?? {}) as Partial<KeptReport>;
  return typeof name === "string" && Array.isArray(tiles) && tiles.every((tile: Partial<Tile> | null) => typeof tile?.title === "string" && typeof tile.query === "string");
}

export function keepReports(reports: readonly KeptReport[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(reports));
  } catch {
    // Full or refused: the report is still in the address.
  }
}

/** The same form is one tile, whatever it was called before. A report of that name is made where there is none. */
export function withTile(reports: readonly KeptReport[], name: string, tile: Tile): readonly KeptReport[] {
  const known = reports.find((each) => each.name === name) ?? { name, tiles: [] };
  const tiles = [...known.tiles.filter((each) => each.query !== tile.query), tile].slice(-MOST_TILES);
  return [...reports.filter((each) => each.name !== name), { name, tiles }];
}
