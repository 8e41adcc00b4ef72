import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Stopwatch } from "../shell/stopwatch";
import { clock } from "../shell/words";

export function Timer({ watch }: { watch: Stopwatch }) {
  const { t } = useTranslation("read");
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const id = setInterval(() => setSeconds(watch.seconds), 500);
    return () => clearInterval(id);
  }, [watch]);
  return (
    <span className="timer" role="timer" aria-label={t("time")} data-testid="timer">
      {clock(seconds)}
    </span>
  );
}
