import type { Clock } from "./clock";
import { GraphqlRefused, type OperationField } from "@sotto/api";

interface Question {
  fields: readonly OperationField[];
  variables: unknown;
  isSent: boolean;
  /** A refused token is renewed once. */
  isRepeated: boolean;
  settle: (answer: { data: unknown } | { error: Error }) => void;
}

const PATIENCE_MS = 10_000;
const MOST_WAITING = 100;

/** Questions under way over a socket. One that was not answered in time is given up by whoever asked. */
export class PendingQuestions {
  private nextId = 1;
  private readonly waiting = new Map<string, Question>();

  /** `onSilence`: a question that was sent has not been answered, so the connection may be dead. */
  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  add(name: string, fields: readonly OperationField[], variables: unknown): Promise<unknown> {
    if (this.waiting.size >= MOST_WAITING) return Promise.reject(new Error(`${name}: too many questions are under way`));
    const id = `q${String(this.nextId++)}`;
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(PATIENCE_MS, () => this.giveUp(id, name));
      const settle: Question["settle"] = (answer) => {
        cancel();
        this.waiting.delete(id);
        if ("error" in answer) reject(answer.error);
        else resolve(answer.data);
      };
      this.waiting.set(id, { fields, variables, isSent: false, isRepeated: false, settle });
    });
  }

  /** Sends what has not been sent. */
  send(say: (id: string, fields: readonly OperationField[], variables: unknown) => void): void {
    for (const [id, question] of this.waiting) {
      if (question.isSent) continue;
      question.isSent = true;
      say(id, question.fields, question.variables);
    }
  }

  answered(id: string, data: unknown): void {
    this.waiting.get(id)?.settle({ data });
  }

  /** True when `id` is a question's. */
  refused(id: string, message: string, kind: string): boolean {
    const question = this.waiting.get(id);
    question?.settle({ error: new GraphqlRefused(message, kind) });
    return question !== undefined;
  }

  /** The token ran out: to be sent again over the next connection. False when that has been tried. */
  repeat(id: string): boolean {
    const question = this.waiting.get(id);
    if (!question || question.isRepeated) return false;
    question.isSent = false;
    question.isRepeated = true;
    return true;
  }

  /** The connection broke: what was sent over it may have been done, and only whoever asked knows whether to ask again. */
  lost(): void {
    for (const question of [...this.waiting.values()]) {
      if (question.isSent) question.settle({ error: new Error("the connection was lost before the answer came") });
    }
  }

  private giveUp(id: string, name: string): void {
    const question = this.waiting.get(id);
    question?.settle({ error: new Error(`${name}: no answer in time`) });
    if (question?.isSent) this.onSilence();
  }
}
