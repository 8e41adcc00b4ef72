import { Button, Progress, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CaseJob } from "../api/types";
import { ProblemLine } from "../shell/problem";
import { type Desktop, clearDesk, clearMade } from "./desk";
import { useAsk } from "./make_bar";
import { badLines } from "./tally";

const PATIENCE_MS = 75_000;

type Props = { job: CaseJob | undefined; error: unknown };

/** The job at work, and its end. */
export function Making({ job, error }: Props) {
  if (job?.status === "done") return <Done job={job} />;
  return <Working job={job} error={error} />;
}

function Working({ job, error }: Props) {
  const { t } = useTranslation("new_case");
  const queued = job?.status !== "running";
  const late = useLate(queued);
  const share = job?.total ? (100 * job.done) / job.total : 0;
  return (
    <section className="card making" aria-live="polite" data-testid="making">
      <Title order={2}>{t(queued ? "queued" : "reading")}</Title>
      {!queued && job?.total ? <p>{t("reading_of", { done: job.done, total: job.total })}</p> : null}
      <Progress value={queued ? 100 : share} animated={queued} aria-label={t(queued ? "queued" : "reading")} />
      <p className="quiet">{t(late ? "no_worker" : "leave_now")}</p>
      <ProblemLine error={error} />
    </section>
  );
}

/** Whether a state has lasted longer than a worker takes to look for work. */
function useLate(lasting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!lasting) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lasting]);
  return late;
}

function Done({ job }: { job: CaseJob }) {
  const { t } = useTranslation("new_case");
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    clearMade();
    link.current?.focus();
  }, []);
  return (
    <section className="card making" data-testid="made">
      <Title order={2}>{t("done")}</Title>
      <p role="status">{t("done_help")}</p>
      {job.passed > 0 && <p className="quiet">{t("done_passed", { number: job.passed })}</p>}
      {job.left_out > 0 && <p className="quiet">{t("done_left_out", { number: job.left_out })}</p>}
      <div className="making-foot">
        <Button component={Link} ref={link} to={`/drafts/${job.case_id}`} onClick={clearDesk} data-testid="open-draft">
          {t("open")}
        </Button>
        <Button variant="default" onClick={clearDesk} data-testid="another-case">
          {t("another")}
        </Button>
      </div>
    </section>
  );
}

/** What was wrong, a line for each file, by the name that this browser knows. */
export function Failed({ desk, error }: { desk: Desktop; error: string }) {
  const { t } = useTranslation("new_case");
  const { ask, make } = useAsk(desk);
  const lines = badLines(error, desk.sending.files);
  return (
    <section className="card failed" role="alert" data-testid="failed">
      <Title order={2}>{t("failed")}</Title>
      <p className="quiet">{t("failed_help")}</p>
      <ul>
        {lines.map(({ number, name, entry, problem }, i) => (
          <li key={i}>
            {number !== null && <strong>{entry ? t("entry", { entry, name }) : name}: </strong>}
            {problem}
          </li>
        ))}
      </ul>
      {lines.some(({ number }) => number !== null) && (
        <Button variant="default" onClick={() => ask(true)} loading={make.isPending} data-testid="leave-out">
          {t("leave_out")}
        </Button>
      )}
      <ProblemLine error={make.error} />
    </section>
  );
}
