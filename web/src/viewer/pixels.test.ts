import { describe, expect, it } from "vitest";
import type { ImageGeometry } from "../api/types";
import { frameOf, windowOf } from "./pixels";

const plain: ImageGeometry = {
  image_id: "i",
  series_id: "s",
  modality: "CT",
  rows: 1,
  columns: 4,
  frames: 1,
  samples_per_pixel: 1,
  bits_allocated: 16,
  bits_stored: 16,
  pixel_representation: 0,
  photometric_interpretation: "MONOCHROME2",
  row_spacing_mm: null,
  column_spacing_mm: null,
  slice_thickness_mm: null,
  image_position_patient: null,
  image_orientation_patient: null,
  rescale_slope: 1,
  rescale_intercept: 0,
  window_center: null,
  window_width: null,
};

const words = (...values: number[]) => new Uint16Array(values).buffer;

describe("frameOf", () => {
  it("turns stored CT values into Hounsfield units", () => {
    const frame = frameOf(words(0, 24, 1024, 4095), { ...plain, bits_stored: 12, rescale_intercept: -1024 });
    expect([...frame.pixels]).toEqual([-1024, -1000, 0, 3071]);
    expect([frame.min, frame.max]).toEqual([-1024, 3071]);
  });

  it("reads signed values of twelve bits with their sign", () => {
    const frame = frameOf(words(0x0fff, 0x0800, 5, 0), { ...plain, bits_stored: 12, pixel_representation: 1 });
    expect([...frame.pixels]).toEqual([-1, -2048, 5, 0]);
  });

  it("ignores bits above the stored ones", () => {
    expect([...frameOf(words(0xf001, 2, 3, 4), { ...plain, bits_stored: 12 }).pixels]).toEqual([1, 2, 3, 4]);
  });

  it("keeps fractions where the slope has them", () => {
    const frame = frameOf(words(1, 2, 3, 4), { ...plain, rescale_slope: 0.5 });
    expect([...frame.pixels]).toEqual([0.5, 1, 1.5, 2]);
  });

  it("does not wrap values beyond sixteen bits", () => {
    expect(frameOf(words(60000, 0, 0, 0), { ...plain, rescale_slope: 2 }).max).toBe(120000);
  });

  it("leaves colour interleaved", () => {
    const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).buffer;
    const frame = frameOf(bytes, { ...plain, samples_per_pixel: 3, bits_allocated: 8, bits_stored: 8 });
    expect(frame.pixels).toHaveLength(12);
  });

  it("refuses a frame that is too short", () => {
    expect(() => frameOf(words(1), plain)).toThrow(/2 bytes where 8/);
  });
});

describe("windowOf", () => {
  it("takes the image's own window", () => {
    const geometry = { ...plain, window_center: 40, window_width: 400 };
    expect(windowOf(frameOf(words(0, 1, 2, 3), geometry), geometry)).toEqual({ center: 40, width: 400 });
  });

  it("spans the values of an image without one, never with no width", () => {
    expect(windowOf(frameOf(words(0, 100, 200, 300), plain), plain)).toEqual({ center: 150, width: 300 });
    expect(windowOf(frameOf(words(7, 7, 7, 7), plain), plain).width).toBe(1);
  });
});
