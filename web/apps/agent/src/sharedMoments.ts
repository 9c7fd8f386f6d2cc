import { AcknowledgeShare, MySharedMoments, Recordings, type SharedMoment } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

/** Where the audio of a stretch of a call is; both in seconds of the recording. */
export interface Stretch {
  readonly url: string;
  readonly fromS: number;
  readonly untilS: number;
}

/** What coaches shared with the agent, the latest first. Asked for when the line says that there may be something new. */
export class SharedMoments {
  private moments: readonly SharedMoment[] = [];
  private asked = 0;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly graphql: Requests) {}

  readonly snapshot = (): readonly SharedMoment[] => this.moments;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** What is known stays where nobody could say: it is asked for again when the line is back. */
  async refresh(): Promise<void> {
    const asked = ++this.asked;
    try {
      const { mySharedMoments } = await this.graphql.request(MySharedMoments, {});
      if (asked === this.asked) this.change(mySharedMoments);
    } catch {
      // A panel without it guides as before.
    }
  }

  /** `answer`: empty for none. */
  async acknowledge({ contactId, id }: SharedMoment, answer: string): Promise<void> {
    const { acknowledgeShare } = await this.graphql.request(AcknowledgeShare, { contactId, shareId: id, answer: answer === "" ? null : answer });
    this.change(this.moments.map((each) => (each.id === id && each.contactId === contactId ? acknowledgeShare : each)));
  }

  /** null where there is no recording of it that may be played; each request is noted as a play. */
  async stretch({ contactId, fromMs, untilMs }: SharedMoment): Promise<Stretch | null> {
    const { recordings } = await this.graphql.request(Recordings, { contactId, withLinks: true });
    for (const { url, beginsMs, durationMs } of recordings) {
      const begins = beginsMs ?? 0;
      if (url !== null && durationMs !== null && begins < untilMs && begins + durationMs > fromMs) {
        return { url, fromS: Math.max(0, fromMs - begins) / 1000, untilS: Math.min(durationMs, untilMs - begins) / 1000 };
      }
    }
    return null;
  }

  private change(moments: readonly SharedMoment[]): void {
    this.moments = moments;
    for (const watcher of this.watchers) watcher();
  }
}
