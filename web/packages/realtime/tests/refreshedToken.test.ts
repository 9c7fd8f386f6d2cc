import { expect, it } from "vitest";
import { RefreshedToken } from "../src/refreshedToken";
import { TurnedClock } from "../testing";

const jwt = (exp: number, name = "a"): string => `h.${btoa(JSON.stringify({ exp, name }))}.s`;

it("a token is kept until shortly before it expires", async () => {
  const clock = new TurnedClock(0);
  let fetched = 0;
  const source = new RefreshedToken(() => Promise.resolve(jwt(++fetched * 600)), clock);
  expect(await source.current()).toBe(await source.current());
  await clock.turn(530_000);
  await source.current();
  expect(fetched).toBe(1);
  await clock.turn(20_000);
  await source.current();
  expect(fetched).toBe(2);
});

it("a token that many ask for at once is fetched once", async () => {
  let fetched = 0;
  const source = new RefreshedToken(() => Promise.resolve(jwt(++fetched + 1e9)), new TurnedClock(0));
  await Promise.all([source.current(), source.current(), source.current()]);
  expect(fetched).toBe(1);
});

it("a failed fetch is tried again by the next who asks", async () => {
  let isDown = true;
  const source = new RefreshedToken(() => (isDown ? Promise.reject(new Error("down")) : Promise.resolve(jwt(1e9))), new TurnedClock(0));
  await expect(source.current()).rejects.toThrow("down");
  isDown = false;
  await expect(source.current()).resolves.toContain("h.");
});
