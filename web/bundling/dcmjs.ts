import log from "loglevel";

/**
 * Stands in for the DICOM parser (a megabyte) that the viewer's metadata package imports for providers Wetread does not
 * use: pixels and geometry come from the service. Only what runs while those modules load is here.
 */
class LeftOut {
  constructor() {
    throw new Error("left out of this build: see bundling/dcmjs.ts");
  }
}

// The metadata package warns once for each keyword it cannot find in the dictionary that is left out.
log.setDefaultLevel("error");

export const constants: Record<string, string> = {};
export { log };
export default {
  log,
  constants,
  async: { AsyncDicomReader: LeftOut },
  utilities: { DicomMetadataListener: LeftOut },
  data: { DicomMetaDictionary: { dictionary: {}, nameMap: {} } },
};
