import { useTranslation } from "react-i18next";
import type { ImportLine } from "../api/types";
import { sentenceCase } from "../shell/words";
import { ProgressBar } from "./bar";
import { grouped } from "./words";

/** What kind of thing came in, and from which collection. */
export function ImportKind({ run }: { run: ImportLine }) {
  const { t } = useTranslation("admin");
  return (
    <>
      {t(`kind_${run.kind}`, { defaultValue: sentenceCase(run.kind) })}
      {run.source && (
        <span className="quiet cut source" title={run.source}>
          {run.source}
        </span>
      )}
    </>
  );
}

/** Whether a run goes on, ended well or stopped, and how far it came. */
export function ImportState({ run }: { run: ImportLine }) {
  const { t } = useTranslation("admin");
  const far =
    run.total === null
      ? t("so_far", { done: grouped(run.done) })
      : t("done_of", { done: grouped(run.done), total: grouped(run.total) });
  if (run.status === "running")
    return (
      <div data-testid="import-running">
        <ProgressBar label={t("progress_of", { file: run.file })} done={run.done} total={run.total} />
        <span className="quiet">{far}</span>
      </div>
    );
  if (run.status === "stopped")
    return (
      <span data-testid="import-stopped">
        <span className="state is-bad">{t("stopped")}</span> <span className="quiet">{far}</span>
      </span>
    );
  return <span className="state is-good">{t("done")}</span>;
}
