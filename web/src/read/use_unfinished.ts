import { type Dispatch, useEffect, useReducer, useState } from "react";
import type { Stopwatch } from "../shell/stopwatch";
import { type AnswerDraft, EMPTY, type Step, answered } from "./answer";
import { unfinishedReads } from "./unfinished";
import { useReadingTime } from "./use_reading_time";

type InHand = { answer: AnswerDraft; dispatch: Dispatch<Step>; watch: Stopwatch };

/** The answer in the making and its time: taken up where a reload broke them off, and dropped at commit. */
export function useUnfinished(set_id: string, case_id: string, blind: boolean): InHand {
  const [begun] = useState(() => (blind ? unfinishedReads.find(set_id, case_id) : null));
  const [answer, dispatch] = useReducer(answered, begun?.answer ?? EMPTY);
  const watch = useReadingTime(blind, begun?.seconds ?? 0);
  useEffect(() => {
    if (!blind) {
      unfinishedReads.forget(set_id, case_id);
      return undefined;
    }
    const keep = () => unfinishedReads.keep(set_id, case_id, { answer, seconds: watch.seconds });
    if (answer !== EMPTY) keep();
    window.addEventListener("pagehide", keep);
    return () => window.removeEventListener("pagehide", keep);
  }, [set_id, case_id, blind, answer, watch]);
  return { answer, dispatch, watch };
}
