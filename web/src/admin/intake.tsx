import { Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImportLine } from "../api/types";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { ImportKind, ImportState } from "./import_state";
import { Pager } from "./pager";
import { PAGE_SIZE, useImports } from "./queries";
import { When } from "./when";
import { grouped, lasting, pace } from "./words";

const COMMANDS = ["cases", "mine", "reads", "reviews", "volumes"] as const;

/** What came in, the newest first. */
export function Intake() {
  const { t } = useTranslation("admin");
  const [offset, setOffset] = useState(0);
  const { data, error, isPending, refetch } = useImports(offset);
  if (isPending) return <Loading />;
  const empty = data?.total === 0;
  return (
    <>
      <ProblemLine error={error} retry={() => void refetch()} />
      {data && data.total > 0 && (
        <section className="card" aria-labelledby="imports">
          <Title order={2} id="imports">
            {t("imports")}
          </Title>
          <Imports items={data.items} />
          <Pager total={data.total} offset={offset} size={PAGE_SIZE} onTurn={setOffset} />
        </section>
      )}
      {data && (
        <section className="card" aria-labelledby="commands" data-testid="import-commands">
          <Title order={2} id="commands">
            {t(empty ? "nothing_came_in" : "bring_in")}
          </Title>
          <p className="quiet">{t("bring_in_help")}</p>
          <dl className="commands">
            {COMMANDS.map((name) => (
              <div key={name}>
                <dt>
                  <code>{t(`command_${name}`)}</code>
                </dt>
                <dd>{t(`command_${name}_help`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

function Imports({ items }: { items: readonly ImportLine[] }) {
  const { t } = useTranslation("admin");
  const numbers = ["added", "known", "refused", "took", "pace"] as const;
  return (
    <table className="plain imports" data-testid="imports">
      <thead>
        <tr>
          {(["started", "what", "file", "progress"] as const).map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
          {numbers.map((name) => (
            <th key={name} scope="col" className="number" title={t(`${name}_help`)}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((run) => (
          <Row key={run.import_id} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ run }: { run: ImportLine }) {
  return (
    <tr data-testid="import-row">
      <td>
        <When at={run.started_at} />
      </td>
      <td>
        <ImportKind run={run} />
      </td>
      <td className="file">
        <Link className="cut" to={{ hash: `intake/${run.import_id}` }} title={run.file} data-testid="import-open">
          {run.file}
        </Link>
        <Why run={run} />
      </td>
      <td className="progress">
        <ImportState run={run} />
      </td>
      <td className="number">{grouped(run.added)}</td>
      <td className="number">{grouped(run.known)}</td>
      <td className={run.refused ? "number is-bad" : "number"}>{grouped(run.refused)}</td>
      <td className="number">{lasting(run.seconds)}</td>
      <td className="number">{run.rows_per_second === null ? "–" : pace(run.rows_per_second)}</td>
    </tr>
  );
}

/** The most frequent problems in one line. */
function Why({ run }: { run: ImportLine }) {
  const { t } = useTranslation("admin");
  if (!run.problems.length) return null;
  const said = run.problems.map(({ text, count }) => t("times", { number: grouped(count), text }));
  if (run.other_problems) said.push(t("other_problems", { number: grouped(run.other_problems) }));
  const line = said.join(" · ");
  return (
    <span className="quiet cut" title={line}>
      {line}
    </span>
  );
}
