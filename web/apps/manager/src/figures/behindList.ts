import { ConversationsBehind, type ConversationsBehindResult, type FigureFormInput } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

export type BehindRow = ConversationsBehindResult["conversationsBehind"]["conversations"][number];

export interface BehindView {
  readonly rows: readonly BehindRow[];
  /** null: there are no more. */
  readonly cursor: string | null;
  readonly state: "loading" | "loaded" | "failed";
}

const AT_ONCE = 10;

/** The conversations behind a figure, read as far as somebody looks. */
export class BehindList {
  private view: BehindView = { rows: [], cursor: null, state: "loading" };
  private isReading = false;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly graphql: Requests,
    private readonly form: FigureFormInput,
  ) {}

  readonly snapshot = (): BehindView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** The next page, or the first; what has failed is asked again. */
  async more(): Promise<void> {
    const { rows, cursor, state } = this.view;
    if (this.isReading || (state === "loaded" && cursor === null)) return;
    this.isReading = true;
    this.change({ rows, cursor, state: "loading" });
    try {
      const { conversationsBehind } = await this.graphql.request(ConversationsBehind, { form: this.form, first: AT_ONCE, after: cursor });
      this.change({ rows: [...rows, ...conversationsBehind.conversations], cursor: conversationsBehind.cursor, state: "loaded" });
    } catch {
      this.change({ rows, cursor, state: "failed" });
    } finally {
      this.isReading = false;
    }
  }

  private change(view: BehindView): void {
    this.view = view;
    for (const watcher of this.watchers) watcher();
  }
}
