import { expect, it } from "vitest";
import { Stopwatch } from "./stopwatch";

it("counts only while it runs", () => {
  let now = 1000;
  const watch = new Stopwatch(() => now);
  now += 5000;
  expect(watch.seconds).toBe(0);
  watch.run(true);
  watch.run(true);
  now += 3000;
  expect(watch.seconds).toBe(3);
  watch.run(false);
  now += 60_000;
  watch.run(true);
  now += 500;
  expect(watch.seconds).toBe(3.5);
});

it("counts on from where it was left", () => {
  let now = 0;
  const watch = new Stopwatch(() => now, 40);
  expect(watch.seconds).toBe(40);
  watch.run(true);
  now += 2000;
  expect(watch.seconds).toBe(42);
});
