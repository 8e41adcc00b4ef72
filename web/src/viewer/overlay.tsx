import { Enums } from "@cornerstonejs/core";
import { useEffect, useState } from "react";
import type { Viewport } from "./engine";
import { type Shape, onSlice, scaleOf, toCanvas } from "./places";

/** Renders the component again each time the viewport has drawn; pan, zoom, window and slice all end there. */
export function useDrawn(viewport: Viewport | null): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!viewport) return undefined;
    const { element } = viewport;
    const drawn = () => setTick((n) => n + 1);
    element.addEventListener(Enums.Events.IMAGE_RENDERED, drawn);
    return () => element.removeEventListener(Enums.Events.IMAGE_RENDERED, drawn);
  }, [viewport]);
  return tick;
}

type Props = { viewport: Viewport; shapes: readonly Shape[] };

/** Shapes over the shown slice. They never catch the mouse: the tools below must keep working through them. */
export function Overlay({ viewport, shapes }: Props) {
  useDrawn(viewport);
  const here = shapes.filter((shape) => onSlice(shape, viewport.getCurrentImageId()));
  return (
    <svg className="viewer-overlay" aria-hidden="true" data-testid="viewer-overlay">
      {here.map((shape) => (
        <Drawn key={shape.id} shape={shape} viewport={viewport} />
      ))}
    </svg>
  );
}

function Drawn({ shape, viewport }: { shape: Shape; viewport: Viewport }) {
  const at = toCanvas(viewport, shape.place);
  if (!at) return null;
  const radius = shape.kind === "ring" ? Math.max(8, (shape.radius ?? 0) * scaleOf(viewport)) : 11;
  return (
    <g
      className={`shape shape-${shape.kind}`}
      data-testid={`shape-${shape.kind}`}
      transform={`translate(${at.x} ${at.y})`}
    >
      {shape.kind === "ring" ? <Ring radius={radius} /> : <Cross />}
      <text x={radius * 0.75 + 5} y={-radius * 0.75 - 4}>
        {shape.label}
      </text>
    </g>
  );
}

function Ring({ radius }: { radius: number }) {
  return (
    <>
      <circle className="halo" r={radius} />
      <circle className="line" r={radius} />
    </>
  );
}

const CROSS = "M-11 0H-3M3 0H11M0 -11V-3M0 3V11";

function Cross() {
  return (
    <>
      <path className="halo" d={CROSS} />
      <path className="line" d={CROSS} />
      <circle className="dot" r="1.5" />
    </>
  );
}
