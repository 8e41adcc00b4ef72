"""Images in and out: the archive, de-identification, and teaching pictures turned into DICOM."""
