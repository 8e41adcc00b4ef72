import { describe, expect, it } from "vitest";
import { locate, outward, seriesOf } from "./series";

const images = [
  { image_id: "b", series_id: "s1", number: 2, frames: 1 },
  { image_id: "a", series_id: "s1", number: 1, frames: 1 },
  { image_id: "m", series_id: "s2", number: 1, frames: 3 },
];

describe("seriesOf", () => {
  it("orders slices by number and unfolds frames", () => {
    expect(seriesOf(images)).toEqual([
      {
        series_id: "s1",
        slices: [
          { image_id: "a", frame: 1 },
          { image_id: "b", frame: 1 },
        ],
      },
      { series_id: "s2", slices: [1, 2, 3].map((frame) => ({ image_id: "m", frame })) },
    ]);
  });
});

describe("locate", () => {
  it("finds a slice again, and says so where there is none", () => {
    expect(locate(seriesOf(images), { image_id: "m", frame: 2 })).toEqual({ series: 1, slice: 1 });
    expect(locate(seriesOf(images), { image_id: "m", frame: 9 })).toBeNull();
  });
});

describe("outward", () => {
  it("visits every other slice once, nearest first", () => {
    expect(outward(5, 2)).toEqual([3, 1, 4, 0]);
  });
});
