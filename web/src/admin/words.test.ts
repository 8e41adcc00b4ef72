import { expect, it } from "vitest";
import { bytes, lasting, pace, share, within } from "./words";

it("tells sizes in the unit that needs the fewest digits", () => {
  expect([0, 999, 1000, 1_234_567, 56_700_000, 2e9, 9.96e12].map(bytes)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "1.2 MB",
    "57 MB",
    "2.0 GB",
    "10 TB",
  ]);
});

it("tells how long something took in at most two units", () => {
  expect([0, 0.44, 9.96, 59.4, 60, 185, 3599, 3600, 7_830].map(lasting)).toEqual([
    "0 s",
    "0.4 s",
    "10 s",
    "59 s",
    "1 min 0 s",
    "3 min 5 s",
    "59 min 59 s",
    "1 h 0 min",
    "2 h 11 min",
  ]);
});

it("leaves out the name of a file that stands above", () => {
  const places = ["reads.csv:14", "reads.csv:14: column 3", "reads.csv.old:14", "reads.csv"];
  expect(places.map((place) => within(place, "reads.csv"))).toEqual([
    "14",
    "14: column 3",
    "reads.csv.old:14",
    "reads.csv",
  ]);
});

it("tells a slow pace with a decimal", () => {
  expect([0.34, 9.4, 310.6].map(pace)).toEqual(["0.3", "9.4", "311"]);
});

it("never fills more than the whole", () => {
  expect([share(3, 4), share(9, 4), share(1, 0), share(-1, 4)]).toEqual([0.75, 1, 0, 0]);
});
