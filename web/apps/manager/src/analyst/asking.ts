import type { FigureFormInput } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import type { FormView } from "../figures/figureForm";
import { type Reply, understood } from "./question";

export type NoAnswer = Exclude<Reply, { state: "understood" }>;

export interface AskingView {
  readonly isAsking: boolean;
  /** Why the last question has no answer; null: it has one, or none was asked. */
  readonly reply: NoAnswer | null;
}

/** The question that is being asked; a new one drops the answer to the old one. */
export class Asking {
  private view: AskingView = { isAsking: false, reply: null };
  private round = 0;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly graphql: Requests) {}

  readonly snapshot = (): AskingView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** What it asks for; null where nothing was understood, and where another question came meanwhile. */
  async ask(question: string, before: FigureFormInput | null): Promise<FormView | null> {
    const mine = ++this.round;
    this.change({ isAsking: true, reply: null });
    const reply = await understood(this.graphql, question, before);
    if (mine !== this.round) return null;
    const isUnderstood = reply.state === "understood";
    this.change({ isAsking: false, reply: isUnderstood ? null : reply });
    return isUnderstood ? reply.form : null;
  }

  forget(): void {
    this.round += 1;
    this.change({ isAsking: false, reply: null });
  }

  private change(view: AskingView): void {
    this.view = view;
    for (const watcher of this.watchers) watcher();
  }
}
