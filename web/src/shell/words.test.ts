import { expect, it } from "vitest";
import { clock, percent, rate, sentenceCase } from "./words";

it("writes keys as words", () => expect(sentenceCase("pleural_effusion")).toBe("Pleural effusion"));

it("never rounds a chance to certainty", () => {
  expect([0.582, 0.997, 0.003, 1, 0].map(percent)).toEqual(["58 %", ">99 %", "<1 %", "100 %", "0 %"]);
});

it("keeps a decimal of a small rate", () =>
  expect([0.006, 0.0449, 0.137].map(rate)).toEqual(["0.6 %", "4.5 %", "14 %"]));

it("writes time as minutes and seconds", () =>
  expect([0, 9.9, 75, 3605].map(clock)).toEqual(["0:00", "0:09", "1:15", "60:05"]));
