import type { Viewport } from "./engine";
import { sliceOf } from "./loader";

/** A point on one frame, in pixels from the image's upper left corner (the first pixel's centre is at ½, ½). */
export type Place = { image_id: string; frame: number; x: number; y: number };

/** What is drawn over an image. A cross marks a point, a ring an area of `radius` pixels. */
export type Shape = {
  id: string;
  kind: "cross" | "ring";
  place: Place;
  radius?: number;
  label: string;
  movable?: boolean;
};

type Point = { x: number; y: number };

/** Where a point of the shown slice lies on the canvas, in CSS pixels; null before an image is shown. */
export function toCanvas(viewport: Viewport, point: Point): Point | null {
  const image = viewport.getImageData();
  if (!image) return null;
  const world = image.imageData.indexToWorld!([point.x - 0.5, point.y - 0.5, 0]) as [number, number, number];
  const [x, y] = viewport.worldToCanvas(world);
  return { x, y };
}

/** The image point under a canvas point; null outside the image. */
export function toImage(viewport: Viewport, canvas: Point): Point | null {
  const image = viewport.getImageData();
  if (!image) return null;
  const index = image.imageData.worldToIndex!(viewport.canvasToWorld([canvas.x, canvas.y]));
  const [x, y] = [index[0]! + 0.5, index[1]! + 0.5];
  const [columns, rows] = image.dimensions;
  if (x < 0 || y < 0 || x > columns || y > rows) return null;
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
}

/** CSS pixels an image pixel takes on the canvas, along its rows. */
export function scaleOf(viewport: Viewport): number {
  const a = toCanvas(viewport, { x: 0, y: 0 });
  const b = toCanvas(viewport, { x: 100, y: 0 });
  return a && b ? Math.hypot(b.x - a.x, b.y - a.y) / 100 : 1;
}

export function onSlice(shape: Shape, imageId: string | undefined): boolean {
  if (!imageId) return false;
  const { image_id, frame } = sliceOf(imageId);
  return shape.place.image_id === image_id && shape.place.frame === frame;
}
