import { type AlertParts, Alerts, GraphqlRefused } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

export interface AlertListView {
  readonly rows: readonly AlertParts[];
  /** null: there are no more. */
  readonly cursor: string | null;
  readonly state: "loading" | "loaded" | "failed" | "refused";
  readonly reason: string;
}

const AT_ONCE = 25;

/** Alerts, read as far as somebody looks. */
export class AlertList {
  private view: AlertListView = { rows: [], cursor: null, state: "loading", reason: "" };
  private isReading = false;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly graphql: Requests,
    private readonly onlyWaiting: boolean,
  ) {}

  readonly snapshot = (): AlertListView => this.view;

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
      const { alerts } = await this.graphql.request(Alerts, { first: AT_ONCE, after: cursor, onlyWaiting: this.onlyWaiting });
      this.change({ rows: [...rows, ...alerts.alerts], cursor: alerts.cursor, state: "loaded", reason: "" });
    } catch (error) {
      const isRefused = error instanceof GraphqlRefused && error.kind !== "Unavailable";
      this.change({ rows, cursor, state: isRefused ? "refused" : "failed", reason: isRefused ? error.message : "" });
    } finally {
      this.isReading = false;
    }
  }

  private change(view: AlertListView): void {
    this.view = view;
    for (const watcher of this.watchers) watcher();
  }
}
