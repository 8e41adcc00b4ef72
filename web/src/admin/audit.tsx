import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { sentenceCase } from "../shell/words";
import { useAudit } from "./queries";
import { When } from "./when";

/** What was done by whom. */
export function Audit() {
  const { t } = useTranslation("admin");
  const { data, error, isPending, refetch } = useAudit();
  if (isPending) return <Loading />;
  return (
    <section className="card" aria-labelledby="audit">
      <Title order={2} id="audit">
        {t("newest_entries")}
      </Title>
      <ProblemLine error={error} retry={() => void refetch()} />
      {data?.length === 0 && <p className="quiet">{t("none")}</p>}
      {data && (
        <table className="plain" data-testid="audit">
          <thead>
            <tr>
              {(["at", "actor", "action", "resource", "outcome"] as const).map((name) => (
                <th key={name} scope="col">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((row, i) => (
              <tr key={i}>
                <td>
                  <When at={row.at} />
                </td>
                <td>{row.actor}</td>
                <td>{sentenceCase(row.action)}</td>
                <td className="resource">{row.resource}</td>
                <td>{sentenceCase(row.outcome)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
