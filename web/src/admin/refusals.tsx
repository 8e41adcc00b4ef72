import { Button, Group, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportView } from "../api/types";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { Pager } from "./pager";
import { PAGE_SIZE, useRefusals } from "./queries";
import { grouped, within } from "./words";

type Props = { view: ImportView; problem: string | null; onEveryProblem: () => void };

/** Refused rows one by one, of one problem or of all. */
export function Refusals({ view, problem, onEveryProblem }: Props) {
  const { t } = useTranslation("admin");
  const [offset, setOffset] = useState(0);
  const { run, kept } = view;
  const { data, error, isPending } = useRefusals(run.import_id, problem, offset, run.status === "running");
  return (
    <section className="card" aria-labelledby="refusals">
      <Group justify="space-between" align="center">
        <Title order={2} id="refusals">
          {t("refused_rows")}
        </Title>
        {problem !== null && (
          <Button variant="default" size="xs" onClick={onEveryProblem}>
            {t("every_problem")}
          </Button>
        )}
      </Group>
      {problem !== null && <p className="quiet">{t("only_of", { problem })}</p>}
      {run.refused > kept && (
        <p className="quiet">{t("kept_of", { kept: grouped(kept), refused: grouped(run.refused) })}</p>
      )}
      <ProblemLine error={error} />
      {isPending && <Loading />}
      {data && (
        <>
          <table className="plain refusals" data-testid="refusals">
            <thead>
              <tr>
                {(["place", "problem", "remedy"] as const).map((name) => (
                  <th key={name} scope="col">
                    {t(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map(({ place, problem, remedy }, i) => (
                <tr key={i} data-testid="refusal">
                  <td className="place" title={place}>
                    <Place within={within(place, run.file)} />
                  </td>
                  <td>{problem}</td>
                  <td className="remedy">{remedy}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Pager total={data.total} offset={offset} size={PAGE_SIZE} onTurn={setOffset} />
        </>
      )}
    </section>
  );
}

/** A line's number is called so; any other place says itself what it is. */
function Place({ within }: { within: string }) {
  const { t } = useTranslation("admin");
  const [, line, rest] = /^(\d+)(.*)$/s.exec(within) ?? [];
  return line ? t("line", { line: grouped(Number(line)), rest }) : within;
}
