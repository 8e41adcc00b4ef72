import { Enums, RenderingEngine, type Types, imageLoader, init as initCore } from "@cornerstonejs/core";
import {
  Enums as ToolEnums,
  LengthTool,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  type Types as ToolTypes,
  WindowLevelTool,
  ZoomTool,
  addTool,
  annotation,
  init as initTools,
} from "@cornerstonejs/tools";
import { imageIdOf, registerLoader } from "./loader";
import { type Slice, outward } from "./series";

export type Viewport = Types.IStackViewport;

/** What the left button does. "mark" is Wetread's own and leaves the left button to the page. */
export type ToolName = "wl" | "mark" | "length" | "pan" | "zoom";

const TOOLS = { wl: WindowLevelTool, length: LengthTool, pan: PanTool, zoom: ZoomTool } as const;
const { Primary, Auxiliary, Secondary, Wheel } = ToolEnums.MouseBindings;

/** Buttons that do the same whatever tool is chosen, as on a reading station. */
const ALWAYS: Partial<Record<ToolName, ToolTypes.IToolBinding[]>> = {
  pan: [{ mouseButton: Auxiliary }],
  zoom: [{ mouseButton: Secondary }],
};

let started: RenderingEngine | null = null;

/** One engine for the page's whole life: a browser grants few WebGL contexts, and making one is slow. */
function start(): RenderingEngine {
  if (started) return started;
  initCore({ rendering: { webGlContextCount: 1 } } as Parameters<typeof initCore>[0]);
  initTools();
  for (const tool of [...Object.values(TOOLS), StackScrollTool]) addTool(tool);
  registerLoader();
  styleMeasurements();
  started = new RenderingEngine("wetread");
  return started;
}

/** Thin, light lines that show on black and on white, in place of the tools' bright green and yellow. */
function styleMeasurements(): void {
  const [resting, held] = ["rgb(214, 226, 232)", "rgb(255, 200, 97)"];
  const styles = annotation.config.style.getDefaultToolStyles();
  annotation.config.style.setDefaultToolStyles({
    ...styles,
    global: {
      ...styles.global,
      color: resting,
      colorHighlighted: held,
      colorSelected: held,
      colorLocked: resting,
      textBoxColor: resting,
      textBoxColorHighlighted: held,
      textBoxColorSelected: held,
      textBoxColorLocked: resting,
      textBoxLinkLineColor: resting,
      textBoxFontFamily: "ui-monospace, DejaVu Sans Mono, Consolas, monospace",
      textBoxFontSize: "13px",
      lineWidth: "1.4",
      shadow: true,
    },
  });
}

export type Engine = {
  viewport: Viewport;
  use(tool: ToolName): void;
  clearMeasurements(): void;
  resize(): void;
  close(): void;
};

let count = 0;

/** A stack viewport on `element`, with its mouse bindings. */
export function openEngine(element: HTMLDivElement): Engine {
  const engine = start();
  const id = `viewer-${++count}`;
  engine.enableElement({
    viewportId: id,
    type: Enums.ViewportType.STACK,
    element,
    defaultOptions: { background: [0, 0, 0] },
  });
  // The tools prevent every key on a focused element, Tab too, which would trap the keyboard: focus its frame instead.
  element.removeAttribute("tabindex");
  const group = ToolGroupManager.createToolGroup(id)!;
  for (const tool of [...Object.values(TOOLS), StackScrollTool]) group.addTool(tool.toolName);
  group.addViewport(id, engine.id);
  group.setToolActive(StackScrollTool.toolName, { bindings: [{ mouseButton: Wheel }] });
  return {
    viewport: engine.getViewport(id) as Viewport,
    use: (tool) => bind(group, tool),
    clearMeasurements: () => annotation.state.removeAllAnnotations(),
    resize: () => engine.resize(true, true),
    close: () => {
      annotation.state.removeAllAnnotations();
      ToolGroupManager.destroyToolGroup(id);
      engine.disableElement(id);
    },
  };
}

function bind(group: ToolTypes.IToolGroup, active: ToolName): void {
  for (const [name, tool] of Object.entries(TOOLS) as [keyof typeof TOOLS, (typeof TOOLS)[keyof typeof TOOLS]][]) {
    group.setToolPassive(tool.toolName, { removeAllBindings: true });
    const bindings = [...(ALWAYS[name] ?? []), ...(name === active ? [{ mouseButton: Primary }] : [])];
    if (bindings.length) group.setToolActive(tool.toolName, { bindings });
  }
}

/** Fetches the rest of a stack a few slices at a time, nearest first, until `stopped()`. */
export async function prefetch(slices: readonly Slice[], from: number, stopped: () => boolean): Promise<void> {
  const queue = outward(slices.length, from);
  const worker = async () => {
    for (let i = queue.shift(); i !== undefined && !stopped(); i = queue.shift()) {
      await imageLoader.loadAndCacheImage(imageIdOf(slices[i]!)).catch(() => undefined);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}
