import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { sentenceCase } from "../shell/words";
import { useAccounts } from "./queries";

/** Who may sign in. */
export function Accounts() {
  const { t } = useTranslation("admin");
  const { data, error, isPending, refetch } = useAccounts();
  if (isPending) return <Loading />;
  return (
    <section className="card" aria-labelledby="accounts">
      <Title order={2} id="accounts">
        {t("accounts")}
      </Title>
      <ProblemLine error={error} retry={() => void refetch()} />
      {data && (
        <table className="plain">
          <thead>
            <tr>
              {(["login", "name", "roles", "state"] as const).map((name) => (
                <th key={name} scope="col">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map(({ login, name, roles, disabled }) => (
              <tr key={login}>
                <td>{login}</td>
                <td>{name}</td>
                <td>{roles.map(sentenceCase).join(", ")}</td>
                <td>{t(disabled ? "disabled" : "enabled")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
