import type { Plugin } from "vite";

const READER = `
const leftOut = () => { throw new Error("left out of this build: see bundling/left_out.ts"); };
export default { newInstance: leftOut, extend: leftOut };
`;

/**
 * Parts of the viewer's libraries that a stack viewport on WebGL never runs, a third of their size: mesh readers (with
 * an XML and a YAML parser), the WebGPU backend, and rules that sort DICOM headers into series, which would need the
 * DICOM dictionary that `dcmjs.ts` leaves out. What did use one would fail at once with the message above.
 */
const LEFT_OUT: [RegExp, string][] = [
  [/\/@kitware\/vtk\.js\/IO\//, READER],
  [/\/@kitware\/vtk\.js\/Rendering\/WebGPU\//, READER],
  [
    /\/displayset\/compiledDisplaySetRules\.js$/,
    "export const compiledDisplaySetRules = [], defaultDisplaySetSplitRules = [];",
  ],
];

export function leaveOut(): Plugin {
  return {
    name: "leave-out",
    apply: "build",
    enforce: "pre",
    load: (id) => {
      const code = LEFT_OUT.find(([pattern]) => pattern.test(id))?.[1];
      return code === undefined ? null : { code, moduleSideEffects: false };
    },
  };
}
