import { TurnedClock, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LinkState, Listener, Realtime } from "../src/channel";
import { WatchedLine } from "../src/watchedLine";
import { ticks } from "./ticks";

let clock: TurnedClock;
let states: LinkState[];
let line: WatchedLine;
let enter: (state: LinkState) => void;
let say: () => void;
let network: "answers" | "slow" | "hangs" | "refuses";
let questions: number;
let probe: ReturnType<typeof vi.fn<() => void>>;

beforeEach(() => {
  clock = new TurnedClock();
  states = [];
  network = "answers";
  questions = 0;
  probe = vi.fn<() => void>();
  const link: Realtime = {
    start: () => undefined,
    stop: () => undefined,
    wake: () => undefined,
    probe,
    watch: (watcher) => ((enter = watcher), () => true),
    subscribe: (_, __, listener) => ((say = () => (listener as Listener<unknown>).onData({ tick: 1 })), () => undefined),
  };
  const reach = () => {
    questions += 1;
    if (network === "answers") return Promise.resolve();
    if (network === "refuses") return Promise.reject(new Error("no network"));
    return new Promise<void>((resolve) => {
      if (network === "slow") clock.after(2_000, resolve);
    });
  };
  line = new WatchedLine(link, { clock, reach });
  enter("open");
  line.watch((state) => states.push(state));
  line.subscribe(ticks, { of: "a" }, { onStarted: () => undefined, onData: () => undefined, onRefused: () => undefined });
});

const state = () => states.at(-1);

describe("a line on which a call is", () => {
  beforeEach(() => line.attend(true));

  it("is silent within 3 s of the last word when nothing answers any more", async () => {
    say();
    network = "hangs";
    await clock.turn(2_600);
    expect(state()).toBe("open");
    await clock.turn(300);
    expect(state()).toBe("silent");
  });

  it("is silent at once when the network refuses, and is asked until it comes back", async () => {
    network = "refuses";
    await clock.turn(1_200);
    expect(state()).toBe("silent");
    await clock.turn(5_000);
    expect(questions).toBe(6);
    network = "answers";
    await clock.turn(1_000);
    expect(state()).toBe("open");
    expect(probe).toHaveBeenCalledOnce();
  });

  it("is open while somebody speaks, without a single question", async () => {
    network = "hangs";
    for (let word = 0; word < 20; word += 1) {
      await clock.turn(1_000);
      say();
    }
    expect([state(), questions]).toEqual(["open", 0]);
  });

  it("is open in a pause of the call that the network is there for", async () => {
    await clock.turn(60_000);
    expect(states).toEqual(["open"]);
    expect(probe).not.toHaveBeenCalled();
  });

  it("is open again with a late answer, and a slow line is not torn down", async () => {
    network = "slow";
    await clock.turn(2_800);
    expect(state()).toBe("silent");
    await clock.turn(500);
    expect(state()).toBe("open");
    expect(probe).not.toHaveBeenCalled();
  });

  it("is open with the next word, whatever the network was thought to be", () => {
    line.cut();
    expect(state()).toBe("silent");
    say();
    expect(state()).toBe("open");
  });

  it("is what its link says when that breaks, and asks nothing", async () => {
    network = "hangs";
    await clock.turn(3_000);
    enter("waiting");
    expect(state()).toBe("waiting");
    await clock.turn(30_000);
    expect(questions).toBe(1);
  });
});

describe("a line without a call", () => {
  it("is asked nothing", async () => {
    await clock.turn(60_000);
    line.attend(true);
    line.attend(false);
    await clock.turn(60_000);
    expect(questions).toBe(0);
  });

  it("is silent as soon as the browser knows of no network, and open when that is back", async () => {
    network = "refuses";
    line.cut();
    expect(state()).toBe("silent");
    await clock.turn(5_000);
    network = "answers";
    line.wake();
    await settled();
    expect(state()).toBe("open");
  });
});
