import { GraphqlRefused, type WorkflowRowParts, Workflows } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

export interface WorkflowListView {
  readonly rows: readonly WorkflowRowParts[];
  /** null: there are no more. */
  readonly cursor: string | null;
  readonly state: "loading" | "loaded" | "failed" | "refused";
  readonly reason: string;
}

const AT_ONCE = 25;

/** Runs of workflows, read as far as somebody looks. */
export class WorkflowList {
  private view: WorkflowListView = { rows: [], cursor: null, state: "loading", reason: "" };
  private isReading = false;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly graphql: Requests,
    private readonly onlyWaiting: boolean,
  ) {}

  readonly snapshot = (): WorkflowListView => this.view;

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
      const { workflows } = await this.graphql.request(Workflows, { first: AT_ONCE, after: cursor, onlyWaiting: this.onlyWaiting });
      this.change({ rows: [...rows, ...workflows.workflows], cursor: workflows.cursor, state: "loaded", reason: "" });
    } catch (error) {
      const isRefused = error instanceof GraphqlRefused && error.kind !== "Unavailable";
      this.change({ rows, cursor, state: isRefused ? "refused" : "failed", reason: isRefused ? error.message : "" });
    } finally {
      this.isReading = false;
    }
  }

  private change(view: WorkflowListView): void {
    this.view = view;
    for (const watcher of this.watchers) watcher();
  }
}
