import { expect, it } from "vitest";
import { roundedUp, scale } from "./scale";

it("holds values outside at the edge", () => {
  const at = scale(0, 0.5, 200);
  expect([-1, 0, 0.25, 0.5, 9].map(at)).toEqual([0, 0, 100, 200, 200]);
});

it("ends an axis at a round value that holds the greatest, and never above certainty", () => {
  expect([0.137, 0.034, 0.2, 0.71, 0].map(roundedUp)).toEqual([0.2, 0.05, 0.2, 1, 1]);
});
