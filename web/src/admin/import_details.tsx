import { Button, Group, Title, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImportLine, ImportView } from "../api/types";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { AmountBar } from "./bar";
import { ImportKind, ImportState } from "./import_state";
import { useImport } from "./queries";
import { Refusals } from "./refusals";
import { When } from "./when";
import { grouped, lasting, pace, share } from "./words";

/** One import: what it did, and what it refused, by problem and row by row. */
export function ImportDetails({ import_id }: { import_id: string }) {
  const { t } = useTranslation("admin");
  const [problem, setProblem] = useState<string | null>(null);
  const { data, error, isPending, refetch } = useImport(import_id);
  return (
    <div data-testid="import-details">
      <p className="back">
        <Link to={{ hash: "intake" }}>{t("all_imports")}</Link>
      </p>
      <ProblemLine error={error} retry={() => void refetch()} />
      {isPending && <Loading />}
      {data && (
        <>
          <section className="card" aria-labelledby="import">
            <Title order={2} id="import" className="cut" title={data.run.file}>
              {data.run.file}
            </Title>
            <Facts run={data.run} />
            <Notices run={data.run} />
          </section>
          <Causes view={data} problem={problem} onChoose={setProblem} />
          {data.kept > 0 && (
            <Refusals key={problem} view={data} problem={problem} onEveryProblem={() => setProblem(null)} />
          )}
        </>
      )}
    </div>
  );
}

function Facts({ run }: { run: ImportLine }) {
  const { t } = useTranslation("admin");
  const facts: [string, ReactNode][] = [
    [t("what"), <ImportKind run={run} />],
    [t("progress"), <ImportState run={run} />],
    [t("started"), <When at={run.started_at} />],
    [t("took"), lasting(run.seconds)],
    [t("pace"), run.rows_per_second === null ? "–" : pace(run.rows_per_second)],
    [t("added"), grouped(run.added)],
    [t("known"), grouped(run.known)],
    [t("refused"), grouped(run.refused)],
  ];
  return (
    <dl className="facts by-four">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Notices({ run }: { run: ImportLine }) {
  const { t } = useTranslation("admin");
  if (!run.notices.length) return null;
  return (
    <>
      <p className="label">{t("notices")}</p>
      <ul className="notices">
        {run.notices.map(({ text, count }) => (
          <li key={text}>{t("times", { number: grouped(count), text })}</li>
        ))}
      </ul>
    </>
  );
}

type CausesProps = { view: ImportView; problem: string | null; onChoose: (problem: string) => void };

function Causes({ view, problem, onChoose }: CausesProps) {
  const { t } = useTranslation("admin");
  const most = Math.max(0, ...view.causes.map((cause) => cause.count));
  return (
    <section className="card" aria-labelledby="causes">
      <Group justify="space-between" align="center">
        <Title order={2} id="causes">
          {t("causes")}
        </Title>
        {view.kept > 0 && (
          <Button
            component="a"
            href={`/api/imports/${view.run.import_id}/refusals.csv`}
            download
            variant="default"
            size="xs"
            data-testid="refusals-download"
          >
            {t("download")}
          </Button>
        )}
      </Group>
      {view.causes.length === 0 ? (
        <p className="quiet">{t("nothing_refused")}</p>
      ) : (
        <table className="plain causes" data-testid="causes">
          <thead>
            <tr>
              <th scope="col" className="number">
                {t("rows")}
              </th>
              <th scope="col">
                <VisuallyHidden>{t("share")}</VisuallyHidden>
              </th>
              <th scope="col">{t("problem")}</th>
              <th scope="col">{t("remedy")}</th>
              <th scope="col">
                <VisuallyHidden>{t("show_rows")}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {view.causes.map(({ text, count, remedy }) => (
              <tr key={text} className={problem === text ? "is-current" : ""} data-testid="cause">
                <td className="number">{grouped(count)}</td>
                <td className="amount">
                  <AmountBar share={share(count, most)} />
                </td>
                <td>{text}</td>
                <td className="remedy">{remedy || "–"}</td>
                <td className="number">
                  {remedy && (
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      aria-pressed={problem === text}
                      aria-label={t("show_rows_of", { problem: text })}
                      onClick={() => onChoose(text)}
                    >
                      {t("show_rows")}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
