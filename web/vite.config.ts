import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { leaveOut } from "./bundling/left_out.ts";

/** Where `npm run dev` finds the service; the built page is served by the service itself. */
const service = process.env.WETREAD_SERVICE ?? "http://127.0.0.1:8000";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What is left out of the built page stays in while developing, where libraries are bundled beforehand, without plugins.
export default defineConfig(({ command }) => ({
  base: "/",
  plugins: [leaveOut(), react()],
  resolve: { alias: command === "build" ? [{ find: "dcmjs", replacement: file("./bundling/dcmjs.ts") }] : [] },
  worker: { format: "es" },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 3000,
  },
  server: { proxy: { "/api": service } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
