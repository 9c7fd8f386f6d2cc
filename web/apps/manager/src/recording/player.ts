import type { PlayableRecording } from "./recordings";

export interface PlayerView {
  /** `waiting`: it will play as soon as its audio comes. */
  readonly state: "paused" | "waiting" | "playing" | "failed";
  /** Call time. */
  readonly atMs: number;
  readonly rate: number;
}

export interface Link {
  readonly url: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** What a player needs of an `<audio>`. */
export interface AudioElement {
  src: string;
  currentTime: number;
  playbackRate: number;
  readonly load: () => void;
  readonly play: () => Promise<void>;
  readonly pause: () => void;
  readonly addEventListener: (name: string, listener: () => void) => void;
  readonly removeEventListener: (name: string, listener: () => void) => void;
}

export interface PlayerPorts {
  readonly audio: AudioElement;
  /** A fresh one; each is noted as one by which the recording may be played. */
  readonly link: () => Promise<Link>;
  readonly now: () => number;
}

export const RATES = [0.75, 1, 1.25, 1.5, 2] as const;
export const SKIP_MS = 10_000;
/** A link that ends so soon is renewed before something is asked by it. */
const ABOUT_TO_END_MS = 5_000;
/** Of one interruption; a link that does not open at once never will. */
const MOST_RENEWALS = 2;

/**
 * Plays one redacted recording by links that last for minutes: where one ends in mid-play, another is fetched, and it goes on.
 * No link is asked for before somebody plays.
 */
export class RecordingPlayer {
  private view: PlayerView = { state: "paused", atMs: 0, rate: 1 };
  private link: Link | null = null;
  private renewals = 0;
  /** Whether the user wants sound; the element may have stopped for want of data. */
  private wants = false;
  private isFetching = false;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly recording: PlayableRecording,
    private readonly ports: PlayerPorts,
  ) {
    this.view = { ...this.view, atMs: Math.max(0, recording.beginsMs) };
    const { audio } = ports;
    audio.addEventListener("timeupdate", this.onTime);
    audio.addEventListener("playing", this.onPlaying);
    audio.addEventListener("waiting", this.onWaiting);
    audio.addEventListener("ended", this.onEnded);
    audio.addEventListener("error", this.onError);
  }

  readonly snapshot = (): PlayerView => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  close(): void {
    const { audio } = this.ports;
    this.wants = false;
    audio.pause();
    audio.removeEventListener("timeupdate", this.onTime);
    audio.removeEventListener("playing", this.onPlaying);
    audio.removeEventListener("waiting", this.onWaiting);
    audio.removeEventListener("ended", this.onEnded);
    audio.removeEventListener("error", this.onError);
    audio.src = "";
    this.watchers.clear();
  }

  toggle(): void {
    if (this.wants) this.pause();
    else this.play();
  }

  play(): void {
    if (this.view.atMs >= this.endMs - 200) this.change({ atMs: Math.max(0, this.recording.beginsMs) });
    this.wants = true;
    this.renewals = 0;
    void this.goOn();
  }

  pause(): void {
    this.wants = false;
    this.ports.audio.pause();
    this.change({ state: "paused" });
  }

  /** Call time; what lies outside is its nearest end. Plays on where it plays. */
  seek(atMs: number): void {
    this.change({ atMs: Math.min(this.endMs, Math.max(this.recording.beginsMs, atMs, 0)) });
    if (this.wants) void this.goOn();
    else if (this.isOpen) this.ports.audio.currentTime = this.placeS;
  }

  playFrom(atMs: number): void {
    this.seek(atMs);
    if (!this.wants) this.play();
  }

  skip(byMs: number): void {
    this.seek(this.view.atMs + byMs);
  }

  setRate(rate: number): void {
    this.ports.audio.playbackRate = rate;
    this.change({ rate });
  }

  get endMs(): number {
    return this.recording.beginsMs + this.recording.durationMs;
  }

  private get placeS(): number {
    return (this.view.atMs - this.recording.beginsMs) / 1000;
  }

  private get isOpen(): boolean {
    return this.link !== null && this.link.expiresAtMs - ABOUT_TO_END_MS > this.ports.now();
  }

  /** From where the view says, with a link that is good. */
  private async goOn(): Promise<void> {
    if (this.isFetching) return;
    if (this.view.state !== "playing") this.change({ state: "waiting" });
    try {
      if (!this.isOpen) await this.renew();
    } catch {
      if (this.wants) this.fail();
      return;
    }
    if (!this.wants) return;
    const { audio } = this.ports;
    if (Math.abs(audio.currentTime - this.placeS) > 0.05) audio.currentTime = this.placeS;
    // Of a source that does not open `onError` hears; a pause cuts it short on purpose. What is left: the browser wants a press first.
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.pause();
    });
  }

  private async renew(): Promise<void> {
    this.isFetching = true;
    this.link = null;
    try {
      this.link = await this.ports.link();
      const { audio } = this.ports;
      audio.src = this.link.url;
      audio.load();
      // load() makes it 1 again.
      audio.playbackRate = this.view.rate;
    } finally {
      this.isFetching = false;
    }
  }

  private fail(): void {
    this.wants = false;
    this.change({ state: "failed" });
  }

  private readonly onTime = () => {
    // After a new source the element is at 0 until it is told otherwise.
    if (this.view.state === "playing") this.change({ atMs: this.recording.beginsMs + this.ports.audio.currentTime * 1000 });
  };

  private readonly onPlaying = () => {
    this.renewals = 0;
    if (this.wants) this.change({ state: "playing" });
  };

  private readonly onWaiting = () => {
    if (this.wants) this.change({ state: "waiting" });
  };

  private readonly onEnded = () => {
    this.wants = false;
    this.change({ state: "paused", atMs: this.endMs });
  };

  /** The link has ended, or the network has: one that is new says which. */
  private readonly onError = () => {
    if (this.link === null) return;
    this.link = null;
    if (!this.wants) return;
    this.renewals += 1;
    if (this.renewals > MOST_RENEWALS) this.fail();
    else {
      this.change({ state: "waiting" });
      void this.goOn();
    }
  };

  private change(part: Partial<PlayerView>): void {
    this.view = { ...this.view, ...part };
    for (const watcher of this.watchers) watcher();
  }
}
