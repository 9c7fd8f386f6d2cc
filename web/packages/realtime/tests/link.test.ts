/** What every way to the server owes the panel, whatever its protocol. */
import { TurnedClock, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Realtime } from "../src/channel";
import type { LinkState } from "../src/channel";
import { PROTOCOLS, type ServerSocket } from "./protocols";
import { ticks } from "./ticks";

describe.each(PROTOCOLS)("over $name", (protocol) => {
  let clock: TurnedClock;
  let sockets: ServerSocket[];
  let tokens: string[];
  let client: Realtime;
  let states: LinkState[];

  beforeEach(async () => {
    clock = new TurnedClock();
    sockets = [];
    tokens = ["first"];
    states = [];
    client = protocol.client({
      token: { current: () => Promise.resolve(tokens.at(-1) ?? ""), expire: () => void tokens.push("second") },
      clock,
      random: () => 0.5,
      open: (socket) => sockets.push(socket),
    });
    client.watch((state) => states.push(state));
    client.start();
    await settled();
  });

  const last = (): ServerSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  };

  const accept = async (): Promise<void> => {
    last().accept();
    await settled();
  };

  const listener = () => ({ onStarted: vi.fn(), onData: vi.fn(), onRefused: vi.fn() });

  describe("a subscription", () => {
    it("delivers data to the subscription that it belongs to", async () => {
      const [a, b] = [listener(), listener()];
      client.subscribe(ticks, { of: "a" }, a);
      client.subscribe(ticks, { of: "b" }, b);
      await accept();
      last().acceptSubscriptions();
      last().data("2", { tick: 7 });
      expect(a.onStarted).toHaveBeenCalledOnce();
      expect(b.onData).toHaveBeenCalledWith({ tick: 7 });
      expect(a.onData).not.toHaveBeenCalled();
    });

    it("is not disturbed by messages that make no sense", async () => {
      const a = listener();
      client.subscribe(ticks, { of: "a" }, a);
      await accept();
      for (const nonsense of ["{", "null", "7", '{"type":"later"}', '{"type":"data","id":"99","payload":{"data":{}}}']) last().say(nonsense);
      last().data("1", { tick: 1 });
      expect(a.onData).toHaveBeenCalledOnce();
    });

    it("is renewed when a token ran out before a subscription was asked for", async () => {
      const a = listener();
      client.subscribe(ticks, { of: "a" }, a);
      await accept();
      last().tokenExpired("1");
      await clock.turn(250);
      await accept();
      expect(a.onRefused).not.toHaveBeenCalled();
      expect(tokens.at(-1)).toBe("second");
      expect(last().requested()).toEqual(["1"]);
    });

    it("a subscription that the server refuses is not asked for again", async () => {
      const a = listener();
      client.subscribe(ticks, { of: "foreign" }, a);
      await accept();
      last().refuse("1", "not yours");
      expect(a.onRefused).toHaveBeenCalledWith("not yours");
      last().break();
      await clock.turn(250);
      await accept();
      expect(last().requested()).toEqual([]);
    });

    it("that nobody wants any more can be refused without harm", async () => {
      const unsubscribe = client.subscribe(ticks, { of: "a" }, listener());
      await accept();
      unsubscribe();
      last().refuse("1", "unknown");
      await clock.turn(1_000);
      expect([sockets.length, states.at(-1)]).toEqual([1, "open"]);
    });

    it("that the server ended is asked for again", async () => {
      client.subscribe(ticks, { of: "a" }, listener());
      await accept();
      last().acceptSubscriptions();
      last().complete("1");
      await settled();
      expect(last().requested()).toEqual(["1", "1"]);
    });
  });

  describe("a connection that breaks", () => {
    it("comes back after a wait and starts every subscription anew", async () => {
      const a = listener();
      client.subscribe(ticks, { of: "a" }, a);
      await accept();
      last().acceptSubscriptions();
      last().break();
      expect(states.at(-1)).toBe("waiting");
      await clock.turn(250);
      expect(sockets).toHaveLength(2);
      await accept();
      last().acceptSubscriptions();
      expect(a.onStarted).toHaveBeenCalledTimes(2);
    });

    it("waits longer each time, and never longer than twenty seconds", async () => {
      const waits: number[] = [];
      for (let attempt = 0; attempt < 12; attempt += 1) {
        const before = sockets.length;
        const since = clock.now();
        last().break();
        while (sockets.length === before) await clock.turn(50);
        waits.push(clock.now() - since);
      }
      expect(waits[0]).toBeLessThanOrEqual(250);
      expect([...waits].sort((a, b) => a - b)).toEqual(waits);
      expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
    });

    it("does not storm a server that accepts and drops at once", async () => {
      for (let round = 0; round < 6; round += 1) {
        await accept();
        last().break();
        const before = sockets.length;
        while (sockets.length === before) await clock.turn(50);
      }
      expect(clock.now()).toBeGreaterThan(1_000_000 + 5_000);
    });

    it("starts the count anew after a connection that lasted", async () => {
      for (let round = 0; round < 6; round += 1) {
        last().break();
        await clock.turn(20_000);
      }
      await accept();
      await clock.turn(60_000);
      const before = sockets.length;
      last().break();
      await clock.turn(250);
      expect(sockets).toHaveLength(before + 1);
    });

    it("is given up when a subscription is never acknowledged", async () => {
      client.subscribe(ticks, { of: "a" }, listener());
      await accept();
      await clock.turn(11_000);
      expect(sockets).toHaveLength(2);
    });

    it("comes back at once when the network does", async () => {
      for (let round = 0; round < 8; round += 1) {
        last().break();
        await clock.turn(20_000);
      }
      const before = sockets.length;
      last().break();
      client.wake();
      await settled();
      expect(sockets).toHaveLength(before + 1);
      await clock.turn(9_000);
      expect(sockets).toHaveLength(before + 1);
    });

    it("hears nothing more from the socket that it left", async () => {
      const a = listener();
      client.subscribe(ticks, { of: "a" }, a);
      await accept();
      const old = last();
      old.break();
      await clock.turn(250);
      old.data("1", { tick: 1 });
      expect(a.onData).not.toHaveBeenCalled();
    });
  });

  describe("stopping", () => {
    it("leaves no timer and no socket behind", async () => {
      client.subscribe(ticks, { of: "a" }, listener());
      await accept();
      client.stop();
      await clock.turn(1_000_000);
      expect(clock.waiting).toBe(0);
      expect(sockets).toHaveLength(1);
      expect(last().isClosed).toBe(true);
    });

    it("a subscription tells the server and hears nothing more", async () => {
      const a = listener();
      const unsubscribe = client.subscribe(ticks, { of: "a" }, a);
      await accept();
      last().acceptSubscriptions();
      unsubscribe();
      last().data("1", { tick: 1 });
      expect(last().stopped()).toEqual(["1"]);
      expect(a.onData).not.toHaveBeenCalled();
    });
  });
});
