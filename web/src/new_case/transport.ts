import { api, body, problemOf, requestToken } from "../api/client";
import type { Chosen, Transport } from "./uploader";

/** Files go by XMLHttpRequest, which alone tells how much of a request has left. */
export const transport: Transport = {
  start: async () => (await body(api.POST("/api/uploads"))).upload_id,
  drop: async (upload_id, number) => {
    await body(api.DELETE("/api/uploads/{upload_id}/files/{number}", { params: { path: { upload_id, number } } }));
  },
  cancel: async (upload_id) => {
    await body(api.DELETE("/api/uploads/{upload_id}", { params: { path: { upload_id } } }));
  },
  send,
};

function send(
  upload_id: string,
  number: number,
  { file, name }: Chosen,
  onSent: (bytes: number) => void,
  stop: AbortSignal,
): Promise<{ passed: boolean }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new Error("the connection was lost"));
    request.open("PUT", `/api/uploads/${encodeURIComponent(upload_id)}/files/${number}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Wetread-CSRF", requestToken());
    // Only its end tells anything; a header, unlike an address, is in no server's log.
    request.setRequestHeader("X-Wetread-Name", encodeURIComponent(name.slice(-200)));
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onerror = request.ontimeout = request.onabort = lost;
    request.onload = () => {
      const said = parsed(request.responseText);
      if (request.status === 200) resolve({ passed: said?.kind === "passed" });
      else if (request.status === 0) lost();
      else reject(problemOf(request.status, said));
    };
    stop.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function parsed(text: string): { kind?: string } | null {
  try {
    return JSON.parse(text) as { kind?: string };
  } catch {
    return null;
  }
}
