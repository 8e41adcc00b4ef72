import type { Chosen } from "./uploader";

/** Files that a file or folder field holds, in the order of their names: "IM2" before "IM10". */
export function fromField(files: FileList | readonly File[]): Chosen[] {
  return inOrder(Array.from(files, (file) => ({ file, name: file.webkitRelativePath || file.name })));
}

/** Files dropped on the page, those inside folders too. */
export async function fromDrop(data: DataTransfer): Promise<Chosen[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.length) return fromField(data.files);
  return inOrder((await Promise.all(entries.map((entry) => within(entry)))).flat());
}

async function within(entry: FileSystemEntry): Promise<Chosen[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Chosen[] = [];
  for (;;) {
    // A browser gives a folder's entries in parts, and none when there are no more.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return found;
    for (const one of part) found.push(...(await within(one)));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const order = new Intl.Collator("en", { numeric: true });

export function inOrder(chosen: Chosen[]): Chosen[] {
  return chosen.sort((a, b) => order.compare(a.name, b.name));
}
