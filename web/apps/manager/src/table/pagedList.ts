import { GraphqlRefused } from "@sotto/api";

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** null: there are no more. */
  readonly cursor: string | null;
}

export interface PagedView<Row> extends Page<Row> {
  readonly state: "loading" | "loaded" | "failed" | "refused";
  readonly reason: string;
}

/** A list that is read as far as somebody looks. */
export class PagedList<Row> {
  private view: PagedView<Row> = { rows: [], cursor: null, state: "loading", reason: "" };
  private isReading = false;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly read: (after: string | null) => Promise<Page<Row>>) {}

  readonly snapshot = (): PagedView<Row> => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** The next page, or the first; what has failed is asked again. */
  async more(): Promise<void> {
    const { rows, cursor, state } = this.view;
    if (this.isReading || (state === "loaded" && cursor === null)) return;
    this.isReading = true;
    this.change({ rows, cursor, state: "loading", reason: "" });
    try {
      const page = await this.read(cursor);
      this.change({ rows: [...rows, ...page.rows], cursor: page.cursor, state: "loaded", reason: "" });
    } catch (error) {
      const isRefused = error instanceof GraphqlRefused && error.kind !== "Unavailable";
      this.change({ rows, cursor, state: isRefused ? "refused" : "failed", reason: isRefused ? error.message : "" });
    } finally {
      this.isReading = false;
    }
  }

  private change(view: PagedView<Row>): void {
    this.view = view;
    for (const watcher of this.watchers) watcher();
  }
}
