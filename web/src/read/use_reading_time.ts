import { useEffect, useState } from "react";
import { Stopwatch } from "../shell/stopwatch";

/** A watch that begins at `before` seconds and runs while `running` and the page is in view: a reader who was called away is not slow. */
export function useReadingTime(running: boolean, before = 0): Stopwatch {
  const [watch] = useState(() => new Stopwatch(() => performance.now(), before));
  useEffect(() => {
    const follow = () => watch.run(running && document.visibilityState === "visible");
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      watch.run(false);
    };
  }, [watch, running]);
  return watch;
}
