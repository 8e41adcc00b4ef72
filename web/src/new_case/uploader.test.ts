import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/client";
import { type Chosen, type Transport, Uploader } from "./uploader";

type Call = { number: number; resolve: (passed?: boolean) => void; reject: (error: Error) => void; stopped: boolean };

/** A service that answers when the test says so. */
function service() {
  const calls: Call[] = [];
  const dropped: number[] = [];
  const cancelled: string[] = [];
  let starts = 0;
  const transport: Transport = {
    start: async () => `upload${(starts += 1)}`,
    send: (_upload, number, _chosen, onSent, stop) =>
      new Promise((resolve, reject) => {
        onSent(1);
        const call = { number, resolve: (passed = false) => resolve({ passed }), reject, stopped: false };
        stop.addEventListener("abort", () => {
          call.stopped = true;
          reject(new Error("aborted"));
        });
        calls.push(call);
      }),
    drop: async (_upload, number) => void dropped.push(number),
    cancel: async (upload_id) => void cancelled.push(upload_id),
  };
  return { transport, calls, dropped, cancelled, starts: () => starts };
}

const chosen = (...names: string[]): Chosen[] => names.map((name) => ({ name, file: new Blob(["1234"]) }));
const settled = () => vi.advanceTimersByTimeAsync(0);
const states = (uploader: Uploader) => uploader.now().files.map(({ state }) => state);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("an uploader", () => {
  it("sends three at a time and every file once", async () => {
    const { transport, calls, starts } = service();
    const uploader = new Uploader(transport);
    uploader.add(chosen("a", "b", "c", "d", "e"));
    await settled();
    expect(calls.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (let i = 0; i < 5; i += 1) {
      calls[i]!.resolve();
      await settled();
    }
    expect(states(uploader)).toEqual(Array(5).fill("sent"));
    expect(calls.length).toBe(5);
    expect(starts()).toBe(1);
  });

  it("goes on by itself after the connection was lost, and waits longer each time", async () => {
    const { transport, calls } = service();
    const uploader = new Uploader(transport);
    uploader.add(chosen("a"));
    await settled();
    for (const wait of [1000, 2000, 4000]) {
      calls.at(-1)!.reject(new Error("network"));
      await settled();
      expect(uploader.now().lost).toBe(true);
      expect(states(uploader)).toEqual(["waiting"]);
      const before = calls.length;
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(calls.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(calls.length).toBe(before + 1);
    }
    calls.at(-1)!.resolve();
    await settled();
    expect(states(uploader)).toEqual(["sent"]);
    expect(uploader.now().lost).toBe(false);
  });

  it("does not send again what was refused until asked", async () => {
    const { transport, calls } = service();
    const uploader = new Uploader(transport);
    uploader.add(chosen("a", "b"));
    await settled();
    calls[0]!.reject(new Problem(422, "Not understood", "file 1: is larger than 2 GiB"));
    calls[1]!.resolve(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(uploader.now().files.map(({ state, problem, passed }) => [state, problem, passed])).toEqual([
      ["refused", "file 1: is larger than 2 GiB", false],
      ["sent", "", true],
    ]);
    uploader.retry(1);
    await settled();
    expect(calls.at(-1)!.number).toBe(1);
  });

  it("takes out a file that is on its way, and one that arrived", async () => {
    const { transport, calls, dropped } = service();
    const uploader = new Uploader(transport);
    uploader.add(chosen("a", "b"));
    await settled();
    calls[1]!.resolve();
    await settled();
    await uploader.remove(1);
    await uploader.remove(2);
    expect(calls[0]!.stopped).toBe(true);
    expect(dropped).toEqual([1, 2]);
    expect(uploader.now().files).toEqual([]);
    expect(uploader.now().lost).toBe(false);
  });

  it("cancels what it started, also when the answer to that is still on its way", async () => {
    const { transport, cancelled, calls } = service();
    const uploader = new Uploader(transport);
    uploader.add(chosen("a"));
    await uploader.cancel();
    uploader.add(chosen("b"));
    await settled();
    expect(cancelled).toEqual(["upload1"]);
    expect(uploader.now().upload_id).toBe("upload2");
    expect(calls.map(({ number }) => number)).toEqual([1]);
    await uploader.cancel();
    expect(cancelled).toEqual(["upload1", "upload2"]);
    expect(calls[0]!.stopped).toBe(true);
  });

  it("tells its listeners of a file's progress", async () => {
    const { transport } = service();
    const uploader = new Uploader(transport);
    uploader.add(chosen("a"));
    await vi.advanceTimersByTimeAsync(200);
    expect(uploader.now().files[0]!.sent).toBe(1);
  });
});
