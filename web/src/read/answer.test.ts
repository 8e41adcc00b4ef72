import { describe, expect, it } from "vitest";
import { EMPTY, type Step, answered, committed, isComplete } from "./answer";

const finding = { key: "fracture", name: "Fracture", region: "musculoskeletal" };
const place = { image_id: "i", frame: 1, x: 3, y: 4 };
const after = (...steps: Step[]) => steps.reduce(answered, EMPTY);

describe("an answer", () => {
  it("is not complete with a mark alone", () => {
    expect(isComplete(EMPTY)).toBe(false);
    expect(isComplete(after({ do: "mark", place }))).toBe(false);
    expect(isComplete(after({ do: "add finding", finding }))).toBe(true);
    expect(isComplete(after({ do: "toggle normal" }))).toBe(true);
  });

  it("stops being normal when something is found", () => {
    expect(after({ do: "toggle normal" }, { do: "add finding", finding }).normal).toBe(false);
    expect(after({ do: "toggle normal" }, { do: "mark", place }).normal).toBe(false);
  });

  it("sends nothing but normal when it is normal, and keeps the rest for a change of mind", () => {
    const normal = after({ do: "add finding", finding }, { do: "mark", place }, { do: "toggle normal" });
    expect(committed(normal)).toEqual({ normal: true, findings: [], diagnosis: null, marks: [], confidence: null });
    expect(committed(answered(normal, { do: "toggle normal" })).findings).toEqual(["fracture"]);
  });

  it("holds each finding once", () => {
    expect(after({ do: "add finding", finding }, { do: "add finding", finding }).findings).toHaveLength(1);
  });

  it("never gives two marks one id, also after one was removed", () => {
    const { marks } = after(
      { do: "mark", place },
      { do: "mark", place },
      { do: "remove mark", id: "mark-1" },
      { do: "mark", place },
    );
    expect(new Set(marks.map(({ id }) => id)).size).toBe(2);
  });

  it("moves the mark asked for and sends bare places", () => {
    const moved = after(
      { do: "mark", place },
      { do: "mark", place },
      { do: "move mark", id: "mark-2", place: { ...place, x: 9 } },
    );
    expect(committed(moved).marks).toEqual([place, { ...place, x: 9 }]);
  });
});
