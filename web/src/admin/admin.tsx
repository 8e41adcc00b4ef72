import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { Account, AuditRow } from "../api/types";
import { addMessages } from "../i18n";
import { Loading } from "../shell/loading";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import { moment, sentenceCase } from "../shell/words";
import "./admin.css";
import messages from "./messages.json";

addMessages("admin", messages);

const AUDIT_ROWS = 200;

/** Who may sign in, and what was done by whom. */
export default function Admin() {
  const { t } = useTranslation("admin");
  const audit = useQuery({
    queryKey: ["audit"],
    staleTime: 0,
    queryFn: () => body(api.GET("/api/audit", { params: { query: { limit: AUDIT_ROWS } } })),
  });
  const accounts = useQuery({ queryKey: ["accounts"], staleTime: 0, queryFn: () => body(api.GET("/api/accounts")) });
  return (
    <div className="page page-wide admin" data-testid="admin">
      <PageTitle name={t("title")} />
      <Title order={1}>{t("title")}</Title>
      <ProblemLine error={accounts.error ?? audit.error} />
      {accounts.data ? <Accounts accounts={accounts.data} /> : accounts.isPending && <Loading />}
      {audit.data && <Audit rows={audit.data} />}
    </div>
  );
}

function Accounts({ accounts }: { accounts: readonly Account[] }) {
  const { t } = useTranslation("admin");
  return (
    <section className="card" aria-labelledby="accounts">
      <Title order={2} id="accounts">
        {t("accounts")}
      </Title>
      <p className="quiet">{t("accounts_help")}</p>
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
          {accounts.map(({ login, name, roles, disabled }) => (
            <tr key={login}>
              <td>{login}</td>
              <td>{name}</td>
              <td>{roles.map(sentenceCase).join(", ")}</td>
              <td>{t(disabled ? "disabled" : "enabled")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Audit({ rows }: { rows: readonly AuditRow[] }) {
  const { t } = useTranslation("admin");
  return (
    <section className="card" aria-labelledby="audit">
      <Title order={2} id="audit">
        {t("audit")}
      </Title>
      {rows.length === 0 && <p className="quiet">{t("none")}</p>}
      <table className="plain">
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
          {rows.map((row, i) => (
            <tr key={i}>
              <td className="when">{moment(row.at)}</td>
              <td>{row.actor}</td>
              <td>{sentenceCase(row.action)}</td>
              <td className="resource">{row.resource}</td>
              <td>{sentenceCase(row.outcome)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
