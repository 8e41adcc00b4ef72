import { Button, Title, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobLine } from "../api/types";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { sentenceCase } from "../shell/words";
import { ProgressBar } from "./bar";
import { Pager } from "./pager";
import { PAGE_SIZE, useJobs, useRetry } from "./queries";
import { When } from "./when";
import { grouped } from "./words";

const STATUSES = ["queued", "running", "done", "failed"] as const;

/** Work that the service does by itself. */
export function Jobs() {
  const { t } = useTranslation("admin");
  const [offset, setOffset] = useState(0);
  const { data, error, isPending, refetch } = useJobs(offset);
  const retry = useRetry();
  if (isPending) return <Loading />;
  return (
    <>
      <ProblemLine error={error} retry={() => void refetch()} />
      <ProblemLine error={retry.error} />
      {data && (
        <>
          <ul className="counts" data-testid="job-counts">
            {STATUSES.map((status) => (
              <li key={status} className={status === "failed" && data.counts.failed ? "card is-bad" : "card"}>
                <b>{grouped(data.counts[status] ?? 0)}</b> {t(`job_${status}`)}
              </li>
            ))}
          </ul>
          <section className="card" aria-labelledby="jobs">
            <Title order={2} id="jobs">
              {t("newest_jobs")}
            </Title>
            {data.total === 0 && <p className="quiet">{t("no_jobs")}</p>}
            {data.total > 0 && (
              <JobTable
                items={data.items}
                onRetry={(job_id) => retry.mutate(job_id)}
                retrying={retry.isPending ? retry.variables : null}
              />
            )}
            <Pager total={data.total} offset={offset} size={PAGE_SIZE} onTurn={setOffset} />
          </section>
        </>
      )}
    </>
  );
}

type TableProps = { items: readonly JobLine[]; onRetry: (job_id: string) => void; retrying: string | null };

function JobTable({ items, onRetry, retrying }: TableProps) {
  const { t } = useTranslation("admin");
  return (
    <table className="plain jobs" data-testid="jobs">
      <thead>
        <tr>
          {(["created", "job", "progress", "finished", "error"] as const).map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
          <th scope="col">
            <VisuallyHidden>{t("retry")}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((job) => (
          <tr key={job.job_id} data-testid="job-row">
            <td>
              <When at={job.created_at} />
            </td>
            <td>{t(`kind_${job.kind}`, { defaultValue: sentenceCase(job.kind) })}</td>
            <td className="progress">
              <JobState job={job} />
            </td>
            <td>{job.finished_at ? <When at={job.finished_at} /> : "–"}</td>
            <td className="error">{job.error || "–"}</td>
            <td className="number">
              {job.status === "failed" && (
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={retrying === job.job_id}
                  onClick={() => onRetry(job.job_id)}
                  data-testid="job-retry"
                >
                  {t("retry")}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function JobState({ job }: { job: JobLine }) {
  const { t } = useTranslation("admin");
  if (job.status !== "running") {
    const looks = { queued: "", done: "is-good", failed: "is-bad" }[job.status];
    return <span className={`state ${looks}`}>{sentenceCase(t(`job_${job.status}`))}</span>;
  }
  return (
    <>
      <ProgressBar
        label={t("progress_of_job", { kind: sentenceCase(job.kind) })}
        done={job.done}
        total={job.total ?? null}
      />
      <span className="quiet">
        {job.total ? t("done_of", { done: grouped(job.done), total: grouped(job.total) }) : t("job_running")}
      </span>
    </>
  );
}
