import { type MantineColorsTuple, createTheme } from "@mantine/core";

/** A warm lamp in a dark room: the only accent. */
const lamp: MantineColorsTuple = [
  "#fbf3e2",
  "#f4e3bf",
  "#edd298",
  "#e7c274",
  "#e0b25c",
  "#d3a24a",
  "#b7893a",
  "#8f6b2d",
  "#664c20",
  "#3d2e14",
];

const room: MantineColorsTuple = [
  "#e7e9eb",
  "#c3c8cc",
  "#9aa1a8",
  "#7d858c",
  "#3a4046",
  "#2a2f34",
  "#1f2327",
  "#16191c",
  "#0f1113",
  "#090a0b",
];

export const theme = createTheme({
  primaryColor: "lamp",
  primaryShade: 4,
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { lamp, dark: room },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Consolas, monospace",
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.1rem" }, h3: { fontSize: ".95rem" } },
  },
  defaultRadius: "sm",
  focusRing: "auto",
  respectReducedMotion: true,
});
