import { useEffect, useSyncExternalStore } from "react";
import { EMPTY, type Form, isEmpty } from "./form";
import { transport } from "./transport";
import { type Sending, Uploader } from "./uploader";

/** What lies on the educator's desk: the typed form, and the job that makes the case once it was asked for. */
type Desk = { owner: string; form: Form; job_id: string | null; tried: boolean };

const CLEAR: Desk = { owner: "", form: EMPTY, job_id: null, tried: false };

// Outside React, so that a look at another page of Wetread loses neither words nor files; only leaving Wetread does.
const uploader = new Uploader(transport);
const listeners = new Set<() => void>();
let desk = CLEAR;

function put(change: Partial<Desk>): void {
  desk = { ...desk, ...change };
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether a reload would lose something. */
const isHeld = () => !isEmpty(desk.form) || uploader.now().files.length > 0;

window.addEventListener("beforeunload", (event) => {
  if (isHeld()) event.preventDefault();
});
window.addEventListener("online", () => uploader.resume());

/** When the draft is made, its words and files are needed here no more; what is said of it stays. */
export function clearMade(): void {
  uploader.reset();
  put({ form: EMPTY, tried: false });
}

/** Leaves the desk empty for another case. */
export function clearDesk(): void {
  clearMade();
  put({ job_id: null });
}

export type Desktop = Desk & { sending: Sending; uploader: Uploader; put: (change: Partial<Desk>) => void };

/** The desk of `owner`; what another account left at this tab is cleared away. */
export function useDesk(owner: string): Desktop {
  const held = useSyncExternalStore(subscribe, () => desk);
  const sending = useSyncExternalStore(uploader.subscribe, uploader.now);
  const isOwn = held.owner === owner;
  useEffect(() => {
    if (isOwn) return;
    void uploader.cancel().catch(() => undefined);
    put({ ...CLEAR, owner });
  }, [isOwn, owner]);
  return { ...(isOwn ? held : CLEAR), sending, uploader, put };
}
