import type { ImageGeometry } from "../api/types";

export type Pixels = Uint8Array | Int16Array | Uint16Array | Float32Array;

export type Frame = {
  /** One value a pixel in modality units (HU for CT), or three interleaved bytes a pixel for colour. */
  pixels: Pixels;
  min: number;
  max: number;
};

/** The window of a frame: centre and width in modality units (DICOM PS3.3 C.11.2). */
export type Window = { center: number; width: number };

/** Raw little-endian bytes as the service sends them, turned into modality values (stored × slope + intercept). */
export function frameOf(bytes: ArrayBuffer, geometry: ImageGeometry): Frame {
  const expected = geometry.rows * geometry.columns * geometry.samples_per_pixel * (geometry.bits_allocated / 8);
  if (bytes.byteLength < expected) {
    throw new Error(`frame of ${bytes.byteLength} bytes where ${expected} were expected`);
  }
  const stored = storedOf(bytes.slice(0, expected), geometry);
  if (geometry.samples_per_pixel > 1) return { pixels: stored, min: 0, max: 255 };
  const pixels = rescaled(stored, geometry.rescale_slope, geometry.rescale_intercept);
  return { pixels, ...extremes(pixels) };
}

function storedOf(bytes: ArrayBuffer, geometry: ImageGeometry): Pixels {
  if (geometry.bits_allocated === 8) return new Uint8Array(bytes);
  const signed = geometry.pixel_representation === 1;
  const unused = 16 - geometry.bits_stored;
  if (unused <= 0) return signed ? new Int16Array(bytes) : new Uint16Array(bytes);
  // Bits above the stored ones may hold overlays or rubbish (PS3.5 8.1.1): shift them out, keeping the sign.
  const words = signed ? new Int16Array(bytes) : new Uint16Array(bytes);
  for (let i = 0; i < words.length; i++) {
    const left = (words[i]! << (unused + 16)) | 0;
    words[i] = signed ? left >> (unused + 16) : left >>> (unused + 16);
  }
  return words;
}

function rescaled(stored: Pixels, slope: number, intercept: number): Pixels {
  if (slope === 1 && intercept === 0) return stored;
  const { min, max } = extremes(stored);
  const ends = [min * slope + intercept, max * slope + intercept];
  const whole = Number.isInteger(slope) && Number.isInteger(intercept);
  const fits = whole && Math.min(...ends) >= -32768 && Math.max(...ends) <= 32767;
  const values = fits ? new Int16Array(stored.length) : new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) values[i] = stored[i]! * slope + intercept;
  return values;
}

function extremes(values: Pixels): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** The window the image asks for; where it asks for none, the middle 99 % of its values. */
export function windowOf(frame: Frame, geometry: ImageGeometry): Window {
  if (geometry.samples_per_pixel > 1) return { center: 128, width: 256 };
  if (geometry.window_center !== null && geometry.window_width) {
    return { center: geometry.window_center, width: geometry.window_width };
  }
  const step = Math.max(1, Math.floor(frame.pixels.length / 20_000));
  const sample: number[] = [];
  for (let i = 0; i < frame.pixels.length; i += step) sample.push(frame.pixels[i]!);
  sample.sort((a, b) => a - b);
  const low = sample[Math.floor(sample.length * 0.005)] ?? frame.min;
  const high = sample[Math.ceil(sample.length * 0.995) - 1] ?? frame.max;
  return { center: (low + high) / 2, width: Math.max(1, high - low) };
}
