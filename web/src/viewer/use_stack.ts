import { Enums } from "@cornerstonejs/core";
import { type RefObject, useCallback, useEffect, useState } from "react";
import { type Engine, openEngine, prefetch } from "./engine";
import { imageIdOf } from "./loader";
import type { Series } from "./series";

export type Stack = {
  engine: Engine | null;
  /** Whether the chosen series has been drawn. */
  ready: boolean;
  /** One line, where the images could not be shown. */
  failure: string | null;
  retry: () => void;
};

/** An engine on `element`, for as long as the component lives. */
function useEngine(element: RefObject<HTMLDivElement | null>, fail: (error: unknown) => void): Engine | null {
  const [engine, setEngine] = useState<Engine | null>(null);
  useEffect(() => {
    try {
      const opened = openEngine(element.current!);
      setEngine(opened);
      return () => {
        setEngine(null);
        opened.close();
      };
    } catch (error) {
      fail(error);
      return undefined;
    }
  }, [element, fail]);
  useEffect(() => {
    if (!engine || !element.current) return undefined;
    const observer = new ResizeObserver(() => engine.resize());
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [engine, element]);
  return engine;
}

/** Shows `series` from slice `first` and fetches the rest of it behind. */
export function useStack(element: RefObject<HTMLDivElement | null>, series: Series | undefined, first: number): Stack {
  const [shown, setShown] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const fail = useCallback((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)), []);
  const engine = useEngine(element, fail);

  useEffect(() => {
    if (!engine || !series) return undefined;
    let gone = false;
    const { viewport } = engine;
    const imageIds = series.slices.map(imageIdOf);
    const drawn = () => {
      // An empty viewport is drawn too, and one that still shows the series before.
      const image = viewport.getCornerstoneImage();
      if (image && imageIds.includes(image.imageId)) setShown(series.series_id);
    };
    viewport.element.addEventListener(Enums.Events.IMAGE_RENDERED, drawn);
    viewport
      .setStack(imageIds, first)
      .then(() => {
        if (gone) return undefined;
        setFailure(null);
        viewport.render();
        return prefetch(series.slices, first, () => gone);
      })
      .catch((error: unknown) => {
        if (!gone) fail(error);
      });
    return () => {
      gone = true;
      viewport.element.removeEventListener(Enums.Events.IMAGE_RENDERED, drawn);
    };
    // `first` only says where a newly chosen series opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [engine, series, attempt, fail]);

  return {
    engine,
    ready: shown !== null && shown === series?.series_id,
    failure,
    retry: () => setAttempt((n) => n + 1),
  };
}
