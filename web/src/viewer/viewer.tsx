import { utilities } from "@cornerstonejs/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import type { ImageRef } from "../api/types";
import { addMessages } from "../i18n";
import { useShortcuts } from "../shell/shortcuts";
import type { ToolName, Viewport } from "./engine";
import { geometryOf } from "./loader";
import messages from "./messages.json";
import { Overlay, useDrawn } from "./overlay";
import type { Place, Shape } from "./places";
import { type Preset, presetsFor } from "./presets";
import { locate, seriesOf } from "./series";
import { previewOf } from "./preview";
import { SeriesStrip } from "./strip";
import { TOOL_KEYS, Toolbar } from "./toolbar";
import { type Placing, usePlacing } from "./use_placing";
import { useStack } from "./use_stack";

addMessages("viewer", messages);

type Props = {
  images: readonly ImageRef[];
  shapes: readonly Shape[];
  /** What the mark tool does; without it the tool is not offered. */
  placing?: Placing | null;
  /** A place to bring into view; a new object brings it again. */
  show?: Place | null;
};

/** A stack viewer: left button = the chosen tool, middle = pan, right = zoom, wheel and arrow keys = slices. */
export default function Viewer({ images, shapes, placing = null, show = null }: Props) {
  const { t } = useTranslation("viewer");
  const series = useMemo(() => seriesOf(images), [images]);
  const [at, setAt] = useState({ series: 0, slice: 0 });
  const [tool, setTool] = useState<ToolName>("wl");
  const frame = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const chosen = series[at.series];
  const { engine, ready, failure, retry } = useStack(element, chosen, at.slice);
  const viewport = engine?.viewport ?? null;
  const tools = (["wl", "mark", "length", "pan", "zoom"] as const).filter((name) => name !== "mark" || placing);
  const active = tools.includes(tool) ? tool : "wl";
  const draft = usePlacing(frame, viewport, shapes, active === "mark" ? placing : null);
  const presets = usePresets(chosen?.slices[0]?.image_id, ready ? viewport : null);

  useEffect(() => engine?.use(active), [engine, active]);
  useEffect(() => {
    const found = show && locate(series, show);
    if (!found || !viewport) return;
    if (found.series === at.series && ready) goTo(viewport, found.slice);
    else setAt(found);
    // Only a new place moves the viewer; the reader is free to leave it afterwards.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [show, viewport]);

  const choose = (index: number) => series[index] && setAt({ series: index, slice: 0 });
  const onPreset = (preset: Preset) => viewport && ready && setWindow(viewport, preset);
  const onInvert = () => viewport && ready && invert(viewport);
  const onReset = () => {
    if (!viewport || !ready) return;
    engine?.clearMeasurements();
    viewport.resetCamera();
    viewport.resetProperties();
    viewport.render();
  };
  useShortcuts({
    ...Object.fromEntries(tools.map((name) => [TOOL_KEYS[name], () => setTool(name)])),
    ...Object.fromEntries(presets.map((preset, i) => [String(i + 1), () => onPreset(preset)])),
    ...(viewport && ready ? sliceKeys(viewport) : {}),
    "[": () => choose(at.series - 1),
    "]": () => choose(at.series + 1),
    i: onInvert,
    r: onReset,
  });

  if (!chosen) return <div className="viewer viewer-empty">{t("no_images")}</div>;
  return (
    <div className="viewer">
      <Toolbar {...{ tools, tool: active, onTool: setTool, presets, onPreset, onInvert, onReset }} />
      <div className="viewer-body">
        <SeriesStrip series={series} chosen={at.series} onChoose={choose} />
        <div
          ref={frame}
          className={`viewer-frame tool-is-${active}`}
          role="application"
          aria-label={t("canvas")}
          tabIndex={0}
          onContextMenu={(event) => event.preventDefault()}
        >
          {!ready && !failure && (
            <img
              className="viewer-preview"
              data-testid="viewer-preview"
              src={previewOf(chosen.slices[at.slice]!, 512)}
              alt=""
            />
          )}
          <div ref={element} className="viewer-canvas" data-testid="viewer-canvas" data-ready={ready} />
          {viewport && ready && <Overlay viewport={viewport} shapes={draft ? [...shapes, draft] : shapes} />}
          {viewport && ready && <Indicators viewport={viewport} />}
          {failure && <Failure reason={failure} retry={retry} />}
        </div>
      </div>
    </div>
  );
}

function usePresets(image_id: string | undefined, viewport: Viewport | null): Preset[] {
  const { data } = useQuery({
    queryKey: ["image", image_id],
    queryFn: () => geometryOf(image_id!),
    enabled: image_id !== undefined,
    staleTime: Infinity,
  });
  return useMemo(() => {
    if (!data || !viewport) return [];
    const { center, width } = ownWindow(viewport);
    return presetsFor(data.modality, { center, width });
  }, [data, viewport]);
}

function ownWindow(viewport: Viewport) {
  const image = viewport.getCornerstoneImage();
  return { center: Number(image.windowCenter), width: Number(image.windowWidth) };
}

function setWindow(viewport: Viewport, { center, width }: Preset): void {
  const { lower, upper } = utilities.windowLevel.toLowHighRange(width, center);
  viewport.setProperties({ voiRange: { lower, upper } });
  viewport.render();
}

function invert(viewport: Viewport): void {
  viewport.setProperties({ invert: !viewport.getProperties().invert });
  viewport.render();
}

function goTo(viewport: Viewport, index: number): void {
  const last = viewport.getImageIds().length - 1;
  void viewport.setImageIdIndex(Math.min(last, Math.max(0, index)));
}

function sliceKeys(viewport: Viewport) {
  const by = (step: number) => () => goTo(viewport, viewport.getTargetImageIdIndex() + step);
  return {
    ArrowUp: by(-1),
    ArrowLeft: by(-1),
    ArrowDown: by(1),
    ArrowRight: by(1),
    PageUp: by(-5),
    PageDown: by(5),
    Home: () => goTo(viewport, 0),
    End: () => goTo(viewport, Infinity),
  };
}

function Indicators({ viewport }: { viewport: Viewport }) {
  const { t } = useTranslation("viewer");
  useDrawn(viewport);
  const range = viewport.getProperties().voiRange;
  const window = range && utilities.windowLevel.toWindowLevel(range.lower, range.upper);
  const of = viewport.getImageIds().length;
  return (
    <div className="viewer-indicators">
      <span data-testid="slice-indicator">{t("slice", { at: viewport.getCurrentImageIdIndex() + 1, of })}</span>
      {window && (
        <span data-testid="window-indicator">
          {t("window", { width: Math.round(window.windowWidth), center: Math.round(window.windowCenter) })}
        </span>
      )}
    </div>
  );
}

function Failure({ reason, retry }: { reason: string; retry: () => void }) {
  const { t } = useTranslation("viewer");
  return (
    <div className="viewer-failure" role="alert">
      {t("failed", { reason })} <button onClick={retry}>{t("retry")}</button>
    </div>
  );
}
