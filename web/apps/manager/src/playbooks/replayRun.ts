import { GraphqlRefused, PlaybookReplay, type PlaybookReplayResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";

type Page = PlaybookReplayResult["playbookReplay"];
export type Replayed = Page["played"][number];
export type ReplayFired = Replayed["fired"][number];

export interface ReplayView {
  /** What the replay says of itself; null until the first page. */
  readonly about: Page | null;
  readonly played: readonly Replayed[];
  readonly state: "playing" | "done" | "failed" | "refused";
  readonly reason: string;
}

const AT_ONCE = 20;

/** A replay, played page by page until its end; what has failed goes on where it stopped. */
export class ReplayRun {
  private view: ReplayView = { about: null, played: [], state: "playing", reason: "" };
  private isReading = false;
  private isWanted = true;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly graphql: Requests,
    private readonly id: string,
  ) {}

  readonly snapshot = (): ReplayView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  stop(): void {
    this.isWanted = false;
  }

  async play(): Promise<void> {
    this.isWanted = true;
    if (this.isReading || this.view.state === "done") return;
    this.isReading = true;
    this.change({ ...this.view, state: "playing", reason: "" });
    try {
      do {
        const { about, played } = this.view;
        const { playbookReplay: page } = await this.graphql.request(PlaybookReplay, { replayId: this.id, after: about?.next ?? null, first: AT_ONCE });
        this.change({ about: page, played: [...played, ...page.played], state: page.next === null ? "done" : "playing", reason: "" });
        if (page.next === null) return;
      } while (this.goesOn());
    } catch (error) {
      const isRefused = error instanceof GraphqlRefused && error.kind !== "Unavailable";
      this.change({ ...this.view, state: isRefused ? "refused" : "failed", reason: isRefused ? error.message : "" });
    } finally {
      this.isReading = false;
    }
  }

  private goesOn(): boolean {
    return this.isWanted;
  }

  private change(view: ReplayView): void {
    this.view = view;
    for (const watcher of this.watchers) watcher();
  }
}

export interface RuleRow {
  /** In the address. */
  readonly id: string;
  readonly kind: ReplayFired["kind"];
  readonly name: string;
  readonly title: string;
  /** Times that it fires by what is live, and by the draft. */
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
  /** Calls in which nobody can say. */
  readonly unknown: number;
}

/** By moment, card and missed item; what changes most stands first. */
export function rulesOf(played: readonly Replayed[]): readonly RuleRow[] {
  const rows = new Map<string, RuleRow>();
  for (const { fired } of played) {
    for (const { kind, name, title, side } of fired) {
      const id = `${kind.toLowerCase()}/${name}`;
      const row = rows.get(id) ?? { id, kind, name, title, before: 0, after: 0, gained: 0, lost: 0, unknown: 0 };
      rows.set(id, {
        ...row,
        before: row.before + (side === "DRAFT" ? 0 : 1),
        after: row.after + (side === "LIVE" ? 0 : 1),
        gained: row.gained + (side === "DRAFT" ? 1 : 0),
        lost: row.lost + (side === "LIVE" ? 1 : 0),
      });
    }
  }
  const unknown = new Map<string, number>();
  for (const { undecidable } of played) for (const name of undecidable) unknown.set(name, (unknown.get(name) ?? 0) + 1);
  const named = new Set([...rows.values()].map(({ name }) => name));
  const others: RuleRow[] = [...unknown.keys()].filter((name) => !named.has(name)).map((name) => ({ id: `unknown/${name}`, kind: "MOMENT", name, title: name.replaceAll("_", " "), before: 0, after: 0, gained: 0, lost: 0, unknown: 0 }));
  return [...rows.values(), ...others].map((row) => ({ ...row, unknown: unknown.get(row.name) ?? 0 })).sort((a, b) => b.gained + b.lost - (a.gained + a.lost) || b.after - a.after || a.id.localeCompare(b.id));
}

export interface BehindRow {
  readonly id: string;
  readonly contactId: string;
  readonly startedAtMs: number | null;
  readonly mayOpen: boolean;
  readonly fired: ReplayFired;
}

/** Each time that a rule fires, with its call; what changes stands first. */
export function behind(played: readonly Replayed[], id: string): readonly BehindRow[] {
  const rows = played.flatMap(({ contactId, startedAtMs, mayOpen, fired }) =>
    fired.filter(({ kind, name }) => `${kind.toLowerCase()}/${name}` === id).map((each, at) => ({ id: `${contactId} ${each.side} ${each.atMs} ${at}`, contactId, startedAtMs, mayOpen, fired: each })),
  );
  const rank = { DRAFT: 0, LIVE: 1, BOTH: 2 } as const;
  return rows.sort((a, b) => rank[a.fired.side] - rank[b.fired.side]);
}
