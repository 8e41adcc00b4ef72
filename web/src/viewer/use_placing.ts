import { type RefObject, useEffect, useRef, useState } from "react";
import type { Viewport } from "./engine";
import { type Place, type Shape, onSlice, scaleOf, toCanvas, toImage } from "./places";
import { sliceOf } from "./loader";

export type Placing = {
  /** Whether a drag gives the shape a size (a ring) or only its place counts (a cross). */
  sized: boolean;
  onPlace: (place: Place, radius: number) => void;
  onMove: (id: string, place: Place) => void;
};

type Canvas = { x: number; y: number };

/** Half the size of the target a movable shape offers the mouse, in CSS pixels. */
const REACH = 12;

/**
 * The mark tool: takes the left button before the viewer sees it, so that the middle and right buttons and the wheel
 * still pan, zoom and scroll. Returns the shape being drawn.
 */
export function usePlacing(
  frame: RefObject<HTMLDivElement | null>,
  viewport: Viewport | null,
  shapes: readonly Shape[],
  placing: Placing | null,
): Shape | null {
  const [draft, setDraft] = useState<Shape | null>(null);
  const latest = useRef({ shapes, placing });
  useEffect(() => {
    latest.current = { shapes, placing };
  });
  const active = placing !== null;
  useEffect(() => {
    const element = frame.current;
    if (!element || !viewport || !active) return undefined;
    const onDown = (event: MouseEvent) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      event.preventDefault();
      element.focus({ preventScroll: true });
      follow(element, viewport, event, latest, setDraft);
    };
    element.addEventListener("mousedown", onDown, { capture: true });
    return () => element.removeEventListener("mousedown", onDown, { capture: true });
  }, [frame, viewport, active]);
  return draft;
}

/** From button down to button up: moves the shape under the mouse, or draws a new one. */
function follow(
  element: HTMLElement,
  viewport: Viewport,
  down: MouseEvent,
  latest: RefObject<{ shapes: readonly Shape[]; placing: Placing | null }>,
  setDraft: (shape: Shape | null) => void,
): void {
  const start = pointOf(element, down);
  const from = toImage(viewport, start);
  if (!from) return;
  const slice = sliceOf(viewport.getCurrentImageId());
  const held = latest.current.shapes.find((shape) => isUnder(shape, viewport, start));
  const radiusAt = (event: MouseEvent) => {
    const to = pointOf(element, event);
    return Math.hypot(to.x - start.x, to.y - start.y) / scaleOf(viewport);
  };
  const onMove = (event: MouseEvent) => {
    const to = toImage(viewport, pointOf(element, event));
    if (held && to) latest.current.placing?.onMove(held.id, { ...slice, ...to });
    else if (!held && latest.current.placing?.sized) {
      setDraft({ id: "draft", kind: "ring", place: { ...slice, ...from }, radius: radiusAt(event), label: "" });
    }
  };
  const onUp = (event: MouseEvent) => {
    window.removeEventListener("mousemove", onMove);
    setDraft(null);
    if (!held) latest.current.placing?.onPlace({ ...slice, ...from }, radiusAt(event));
  };
  window.addEventListener("mousemove", onMove);
  window.addEventListener("mouseup", onUp, { once: true });
}

function pointOf(element: HTMLElement, event: MouseEvent): Canvas {
  const box = element.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function isUnder(shape: Shape, viewport: Viewport, point: Canvas): boolean {
  if (!shape.movable || !onSlice(shape, viewport.getCurrentImageId())) return false;
  const at = toCanvas(viewport, shape.place);
  return at !== null && Math.hypot(at.x - point.x, at.y - point.y) <= REACH;
}
