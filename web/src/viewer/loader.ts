import { type Types, imageLoader, metaData } from "@cornerstonejs/core";
import { Problem, api, body } from "../api/client";
import type { ImageGeometry } from "../api/types";
import { type Frame, frameOf, windowOf } from "./pixels";
import type { Slice } from "./series";

const SCHEME = "wetread";

/** The viewer's own name for a slice. Ids are opaque, so it tells nothing of the case. */
export const imageIdOf = (slice: Slice): string => `${SCHEME}:${slice.image_id}/${slice.frame}`;

export function sliceOf(imageId: string): Slice {
  const [image_id = "", frame = "1"] = imageId.slice(SCHEME.length + 1).split("/");
  return { image_id, frame: Number(frame) };
}

const asked = new Map<string, Promise<ImageGeometry>>();
const known = new Map<string, ImageGeometry>();

/** Geometry and window attributes of an image, asked once. */
export function geometryOf(image_id: string): Promise<ImageGeometry> {
  const earlier = asked.get(image_id);
  if (earlier) return earlier;
  const answer = body(api.GET("/api/images/{image_id}", { params: { path: { image_id } } }));
  asked.set(image_id, answer);
  answer.then(
    (geometry) => known.set(image_id, geometry),
    () => asked.delete(image_id),
  );
  return answer;
}

async function bytesOf(slice: Slice): Promise<ArrayBuffer> {
  const reply = await fetch(`/api/images/${encodeURIComponent(slice.image_id)}/frames/${slice.frame}`);
  if (!reply.ok) throw new Problem(reply.status, "frame", `image: frame ${slice.frame} did not arrive; try again`);
  return reply.arrayBuffer();
}

async function load(imageId: string): Promise<Types.IImage> {
  const slice = sliceOf(imageId);
  const [geometry, bytes] = await Promise.all([geometryOf(slice.image_id), bytesOf(slice)]);
  return imageOf(imageId, geometry, frameOf(bytes, geometry));
}

/** Values are in modality units already, so the viewer is told slope 1 and intercept 0. */
function imageOf(imageId: string, geometry: ImageGeometry, frame: Frame): Types.IImage {
  const { rows, columns } = geometry;
  const color = geometry.samples_per_pixel > 1;
  const { center, width } = windowOf(frame, geometry);
  return {
    imageId,
    rows,
    columns,
    color,
    height: rows,
    width: columns,
    rgba: false,
    numberOfComponents: color ? 3 : 1,
    minPixelValue: frame.min,
    maxPixelValue: frame.max,
    slope: 1,
    intercept: 0,
    windowCenter: center,
    windowWidth: width,
    voiLUTFunction: "LINEAR",
    invert: geometry.photometric_interpretation === "MONOCHROME1",
    photometricInterpretation: geometry.photometric_interpretation,
    columnPixelSpacing: geometry.column_spacing_mm ?? 1,
    rowPixelSpacing: geometry.row_spacing_mm ?? 1,
    sizeInBytes: frame.pixels.byteLength,
    dataType: frame.pixels.constructor.name,
    getPixelData: () => frame.pixels,
    // The viewer moves pixel data from here into its voxel manager and deletes this copy's field.
    imageFrame: { pixelData: frame.pixels },
  } as unknown as Types.IImage;
}

function plane(geometry: ImageGeometry) {
  const [xx = 1, xy = 0, xz = 0, yx = 0, yy = 1, yz = 0] = geometry.image_orientation_patient ?? [];
  return {
    frameOfReferenceUID: geometry.series_id,
    rows: geometry.rows,
    columns: geometry.columns,
    imageOrientationPatient: [xx, xy, xz, yx, yy, yz],
    rowCosines: [xx, xy, xz],
    columnCosines: [yx, yy, yz],
    imagePositionPatient: geometry.image_position_patient ?? [0, 0, 0],
    sliceThickness: geometry.slice_thickness_mm ?? undefined,
    rowPixelSpacing: geometry.row_spacing_mm ?? 1,
    columnPixelSpacing: geometry.column_spacing_mm ?? 1,
    // Lengths are in mm where the spacing is known, even on films that have no place in the patient; else in pixels.
    usingDefaultValues: geometry.row_spacing_mm === null || geometry.column_spacing_mm === null,
  };
}

function pixel(geometry: ImageGeometry) {
  return {
    samplesPerPixel: geometry.samples_per_pixel,
    photometricInterpretation: geometry.photometric_interpretation,
    rows: geometry.rows,
    columns: geometry.columns,
    bitsAllocated: geometry.bits_allocated,
    bitsStored: geometry.bits_stored,
    highBit: geometry.bits_stored - 1,
    pixelRepresentation: geometry.pixel_representation,
  };
}

const MODULES: Record<string, (geometry: ImageGeometry) => unknown> = {
  imagePlaneModule: plane,
  imagePixelModule: pixel,
  generalSeriesModule: ({ modality, series_id }) => ({ modality, seriesInstanceUID: series_id }),
  voiLutModule: ({ window_center, window_width }) =>
    window_center === null || window_width === null
      ? {}
      : { windowCenter: [window_center], windowWidth: [window_width] },
  modalityLutModule: () => ({ rescaleSlope: 1, rescaleIntercept: 0 }),
};

function provide(type: string, imageId: unknown): unknown {
  if (typeof imageId !== "string" || !imageId.startsWith(`${SCHEME}:`)) return undefined;
  const geometry = known.get(sliceOf(imageId).image_id);
  return geometry && MODULES[type]?.(geometry);
}

/** Teaches the viewer to fetch `wetread:` slices from the service. */
export function registerLoader(): void {
  imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: load(imageId) }));
  metaData.addProvider(provide, 10_000);
}
