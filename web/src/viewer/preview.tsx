import type { ImageRef } from "../api/types";
import { type Slice, seriesOf } from "./series";
import "./viewer.css";

/** The address of a small rendered picture of a slice. */
export function previewOf(slice: Slice, longest_side: number): string {
  return `/api/images/${encodeURIComponent(slice.image_id)}/frames/${slice.frame}/rendered?longest_side=${longest_side}`;
}

/** The first slice as the service renders it, at once, while the viewer itself is still on its way. */
export function ViewerPreview({ images }: { images: readonly ImageRef[] }) {
  const slice = seriesOf(images)[0]?.slices[0];
  return (
    <div className="viewer">
      <div className="viewer-toolbar viewer-toolbar-waiting" />
      <div className="viewer-frame">
        {slice && <img className="viewer-preview" data-testid="viewer-preview" src={previewOf(slice, 512)} alt="" />}
      </div>
    </div>
  );
}
