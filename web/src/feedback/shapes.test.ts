import { expect, it } from "vitest";
import type { Feedback } from "../api/types";
import { firstLook, provedPlaces, shapesOf } from "./shapes";

const at = (image_id: string) => ({ image_id, frame: 1, x: 1, y: 2 });
const lesion = (image_id: string) => ({ ...at(image_id), finding: "f", name: "F", radius: 5 });
const given = (marks: string[], lesions: string[]) =>
  ({ answer: { marks: marks.map(at) }, lesions: lesions.map(lesion) }) as unknown as Feedback;

it("looks first where the reader marked something that is there", () => {
  expect(firstLook(given(["b"], ["a", "b"]))!.image_id).toBe("b");
  expect(firstLook(given(["x"], ["a", "b"]))!.image_id).toBe("a");
  expect(firstLook(given(["x"], []))!.image_id).toBe("x");
  expect(firstLook(given([], []))).toBeNull();
});

it("draws what was said and what is proved in different shapes, each labelled", () => {
  const shapes = shapesOf(given(["a"], ["a"]), (number) => `You ${number}`);
  expect(shapes.map(({ kind, label }) => [kind, label])).toEqual([
    ["ring", "F"],
    ["cross", "You 1"],
  ]);
});

it("tells neighbouring slices of one finding as one place and keeps gaps apart", () => {
  const on = (slice: number, finding: string, radius: number) => ({
    ...lesion(String(slice)),
    finding,
    name: finding,
    radius,
  });
  const locate = ({ image_id }: { image_id: string }) => ({ series: 0, slice: Number(image_id) });
  const places = provedPlaces([on(4, "a", 2), on(3, "a", 7), on(5, "a", 1), on(8, "a", 1), on(4, "b", 3)], locate);
  expect(places.map(({ name, from, to, largest }) => [name, from, to, largest.radius])).toEqual([
    ["a", 4, 6, 7],
    ["a", 9, 9, 1],
    ["b", 5, 5, 3],
  ]);
});
