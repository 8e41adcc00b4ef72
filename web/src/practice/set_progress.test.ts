import { expect, it } from "vitest";
import type { PracticeSet } from "../api/types";
import { progressOf } from "./set_progress";

const setOf = (...readings: (string | null)[]): PracticeSet => ({
  set_id: "s",
  created_at: "2026-01-01T00:00:00Z",
  reason: "",
  minutes: 5,
  model: "",
  items: readings.map((reading_id, i) => ({ position: i + 1, case_id: `c${i}`, reading_id })),
});

it("goes on with the first case that was not read", () => {
  expect(progressOf(setOf("r", null, "r", null))).toEqual({ read: 2, size: 4, next: 2 });
  expect(progressOf(setOf("r", "r"))).toEqual({ read: 2, size: 2, next: null });
});
