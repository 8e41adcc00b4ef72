import { expect, it } from "vitest";
import type { Ability } from "../api/types";
import { byRegion } from "./by_region";

const ability = (name: string, region: string, mean: number, enough: boolean): Ability => ({
  skill: name,
  name,
  region,
  truth: "abnormal",
  reads: 9,
  right: 5,
  chance: { mean, low: 0, high: 1 },
  enough,
});

it("puts what is judged and low on top of its region", () => {
  const sorted = byRegion([
    ability("a", "neuro", 0.2, false),
    ability("b", "chest", 0.5, true),
    ability("c", "neuro", 0.9, true),
    ability("d", "neuro", 0.4, true),
  ]);
  expect(sorted.map(([region, members]) => [region, members.map(({ name }) => name)])).toEqual([
    ["chest", ["b"]],
    ["neuro", ["d", "c", "a"]],
  ]);
});
