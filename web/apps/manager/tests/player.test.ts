import { describe, expect, it } from "vitest";
import { type AudioElement, type Link, RecordingPlayer } from "../src/recording/player";
import type { PlayableRecording } from "../src/recording/recordings";

const NOW = 1_800_000_000_000;
const recording: PlayableRecording = { id: "r1", beginsMs: -500, durationMs: 60_000, beeped: [], peaks: [] };

/** Does what an <audio> does where its source opens, and nothing by itself. */
class Audio implements AudioElement {
  src = "";
  currentTime = 0;
  playbackRate = 1;
  isPlaying = false;
  readonly listeners = new Map<string, () => void>();
  readonly addEventListener = (name: string, listener: () => void) => void this.listeners.set(name, listener);
  readonly removeEventListener = (name: string) => void this.listeners.delete(name);
  readonly load = () => {
    this.currentTime = 0;
    this.playbackRate = 1;
  };
  readonly play = () => {
    this.isPlaying = true;
    return Promise.resolve();
  };
  readonly pause = () => {
    this.isPlaying = false;
  };
  happens(name: string): void {
    this.listeners.get(name)?.();
  }
}

function desk(links: readonly (Link | Error)[]) {
  const audio = new Audio();
  const clock = { now: NOW };
  const asked: number[] = [];
  const link = () => {
    const next = links[asked.length] ?? new Error("no more links");
    asked.push(clock.now);
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const player = new RecordingPlayer(recording, { audio, link, now: () => clock.now });
  return { audio, clock, asked, player };
}

const link = (name: string, lastsMs = 300_000): Link => ({ url: `https://audio.example/${name}`, expiresAtMs: NOW + lastsMs });
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function playing(links: readonly (Link | Error)[]) {
  const at = desk(links);
  at.player.play();
  await settled();
  at.audio.happens("playing");
  return at;
}

describe("a recording", () => {
  it("asks for a link when somebody plays, and not before", async () => {
    const { player, asked, audio } = desk([link("one")]);
    player.seek(20_000);
    await settled();
    expect([asked.length, audio.src, player.snapshot().state]).toEqual([0, "", "paused"]);
    player.play();
    await settled();
    audio.happens("playing");
    expect([audio.src, audio.currentTime, player.snapshot()]).toEqual(["https://audio.example/one", 20.5, { state: "playing", atMs: 20_000, rate: 1 }]);
  });

  it("counts in the call's time, wherever it begins itself", async () => {
    const { player, audio } = await playing([link("one")]);
    audio.currentTime = 3;
    audio.happens("timeupdate");
    expect(player.snapshot().atMs).toBe(2_500);
    player.seek(999_999);
    expect([player.snapshot().atMs, audio.currentTime]).toEqual([59_500, 60]);
    player.seek(-9_000);
    expect(player.snapshot().atMs).toBe(0);
  });

  it("goes on from the same place by another link where one ends in mid-play", async () => {
    const { player, audio, asked } = await playing([link("one"), link("two")]);
    player.setRate(1.5);
    audio.currentTime = 31;
    audio.happens("timeupdate");
    audio.happens("error");
    expect(player.snapshot().state).toBe("waiting");
    await settled();
    // The new source begins at 0: that is no place that anybody went to.
    audio.happens("playing");
    expect([audio.src, audio.currentTime, audio.playbackRate, audio.isPlaying, asked.length]).toEqual(["https://audio.example/two", 31, 1.5, true, 2]);
    expect(player.snapshot()).toEqual({ state: "playing", atMs: 30_500, rate: 1.5 });
  });

  it("renews a link that is over before it plays on after a pause", async () => {
    const { player, audio, clock } = await playing([link("one"), link("two", 600_000)]);
    player.pause();
    clock.now += 299_000;
    player.toggle();
    await settled();
    expect(audio.src).toBe("https://audio.example/two");
  });

  it("says that it cannot be played where new links do not open either, and tries again when it is asked to", async () => {
    const { player, audio } = await playing([link("one"), link("two"), link("three"), link("four")]);
    for (let times = 0; times < 3; times++) {
      audio.happens("error");
      await settled();
    }
    expect(player.snapshot().state).toBe("failed");
    player.play();
    await settled();
    audio.happens("playing");
    expect([audio.src, player.snapshot().state]).toEqual(["https://audio.example/four", "playing"]);
  });

  it("says so too where there is no link to be had", async () => {
    const { player } = desk([new Error("unavailable")]);
    player.play();
    await settled();
    expect(player.snapshot().state).toBe("failed");
  });

  it("stays quiet when it is paused while its link is on the way", async () => {
    const { player, audio } = desk([link("one")]);
    player.play();
    player.pause();
    await settled();
    expect([audio.isPlaying, player.snapshot().state]).toEqual([false, "paused"]);
  });

  it("begins anew when it is played after its end", async () => {
    const { player, audio } = await playing([link("one")]);
    audio.currentTime = 60;
    audio.happens("ended");
    expect(player.snapshot()).toEqual({ state: "paused", atMs: 59_500, rate: 1 });
    player.play();
    await settled();
    expect(audio.currentTime).toBe(0.5);
  });

  it("is let go with its page", async () => {
    const { player, audio } = await playing([link("one")]);
    player.close();
    expect([audio.isPlaying, audio.src, audio.listeners.size]).toEqual([false, "", 0]);
  });
});
