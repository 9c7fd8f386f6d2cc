import { type ConversationRow, Conversations, type ConversationsVariables, GraphqlRefused } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

export interface ListView {
  readonly rows: readonly ConversationRow[];
  /** Whether the server has more of them. */
  readonly hasMore: boolean;
  readonly state: "loading" | "loaded" | "failed" | "refused";
  /** What the server said where it would not answer. */
  readonly reason: string;
}

/** As many as the server gives at once. */
const AT_ONCE = 100;
/** A page that is not full may still have a cursor; a rare thing is looked for in so many of them, and then the user decides. */
const MOST_REQUESTS = 30;

export type ListQuestion = Pick<ConversationsVariables, "filter" | "sort" | "descending">;

/** The conversations that fit a question, read as far as somebody looks. A new question drops the answers to the old one. */
export class ConversationList {
  private view: ListView = { rows: [], hasMore: false, state: "loading", reason: "" };
  private question: ListQuestion | null = null;
  private cursor: string | null = null;
  private round = 0;
  private isReading = false;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly graphql: Requests) {}

  readonly snapshot = (): ListView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** At least `count` rows, where there are so many. */
  async ask(question: ListQuestion, count: number): Promise<void> {
    this.question = question;
    this.round += 1;
    this.cursor = null;
    this.isReading = false;
    this.change({ rows: [], hasMore: true, state: "loading", reason: "" });
    await this.readTo(count);
  }

  async readTo(count: number): Promise<void> {
    const { round, question } = this;
    if (question === null || this.isReading || !this.needs(count)) return;
    this.isReading = true;
    this.change({ state: "loading" });
    try {
      for (let asked = 0; asked < MOST_REQUESTS && this.needs(count); asked += 1) {
        const { conversations } = await this.graphql.request(Conversations, { ...question, first: AT_ONCE, after: this.cursor });
        if (round !== this.round) return;
        this.cursor = conversations.cursor;
        this.change({ rows: [...this.view.rows, ...conversations.conversations], hasMore: this.cursor !== null });
      }
      this.change({ state: "loaded" });
    } catch (error) {
      if (round !== this.round) return;
      const isRefused = error instanceof GraphqlRefused;
      this.change({ state: isRefused ? "refused" : "failed", reason: isRefused ? error.message : "" });
    } finally {
      if (round === this.round) this.isReading = false;
    }
  }

  private needs(count: number): boolean {
    return this.view.hasMore && this.view.rows.length < count;
  }

  private change(part: Partial<ListView>): void {
    this.view = { ...this.view, ...part };
    for (const watcher of this.watchers) watcher();
  }
}
