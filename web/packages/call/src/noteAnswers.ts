import { AcknowledgeNote, type AcknowledgeNoteVariables, GraphqlRefused } from "@sotto/api";
import { type Clock, type Random, type Requests, backoffMs } from "@sotto/realtime";

interface Ports {
  graphql: Requests;
  clock: Clock;
  random: Random;
}

/** What an agent makes of supervisors' notes, on its way to the server: in order, until it is there or refused. */
export class NoteAnswers {
  private readonly queue: AcknowledgeNoteVariables[] = [];
  private isSending = false;
  private failures = 0;

  constructor(private readonly ports: Ports) {}

  send(answer: AcknowledgeNoteVariables): void {
    this.queue.push(answer);
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    let answer: AcknowledgeNoteVariables | undefined;
    while ((answer = this.queue[0]) && (await this.isDelivered(answer))) this.queue.shift();
    this.isSending = false;
    if (answer) this.ports.clock.after(backoffMs(this.failures, this.ports.random), () => void this.flush());
  }

  private async isDelivered(answer: AcknowledgeNoteVariables): Promise<boolean> {
    try {
      await this.ports.graphql.request(AcknowledgeNote, answer);
    } catch (error) {
      // What is refused would be refused again; anything else may pass.
      if (!(error instanceof GraphqlRefused)) {
        this.failures += 1;
        return false;
      }
    }
    this.failures = 0;
    return true;
  }
}
