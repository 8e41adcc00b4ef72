import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemLine } from "../shell/problem";
import type { Desktop } from "./desk";
import { type Missing, missingOf, wishOf } from "./form";
import { useMake } from "./queries";
import { tallyOf } from "./tally";

const FIELD: Record<Missing, string> = { title: "new-title", exam: "new-exam", shows: "new-findings" };

/** Asks for the case. Where a field is missing, that is where the cursor goes. */
export function useAsk(desk: Desktop) {
  const make = useMake();
  const ask = (leave_out_bad: boolean) => {
    const { form, sending } = desk;
    const [missing] = missingOf(form);
    desk.put({ tried: true });
    if (missing) {
      document.getElementById(FIELD[missing])?.focus();
      return;
    }
    if (!sending.upload_id) return;
    const wish = wishOf(form, sending.files.length, leave_out_bad);
    make.mutate(
      { upload_id: sending.upload_id, wish },
      { onSuccess: ({ job_id }) => desk.put({ job_id, tried: false }) },
    );
  };
  return { ask, make };
}

export function MakeBar({ desk }: { desk: Desktop }) {
  const { t } = useTranslation("new_case");
  const { ask, make } = useAsk(desk);
  const tally = tallyOf(desk.sending.files);
  const hint = !tally.files
    ? "need_files"
    : tally.refused
      ? "see_refused"
      : tally.sent < tally.files
        ? "still_sending"
        : tally.whole
          ? null
          : "only_passed";
  return (
    <footer className="make-bar">
      <Button onClick={() => ask(false)} disabled={!tally.whole} loading={make.isPending} data-testid="make-case">
        {t("make")}
      </Button>
      <span className="quiet" role="status">
        {hint && t(hint)}
      </span>
      <ProblemLine error={make.error} />
    </footer>
  );
}
