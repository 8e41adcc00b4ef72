import { Tabs, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { addMessages } from "../i18n";
import { PageTitle } from "../shell/page_title";
import { Accounts } from "./accounts";
import "./admin.css";
import { Audit } from "./audit";
import { ImportDetails } from "./import_details";
import { Intake } from "./intake";
import { Jobs } from "./jobs";
import messages from "./messages.json";
import { Model } from "./model";
import { StorageUsed } from "./storage";

addMessages("admin", messages);

const TABS = ["intake", "jobs", "storage", "model", "accounts", "audit"] as const;
type Tab = (typeof TABS)[number];

/** What runs this workspace. The address after "#" names the tab, and in Intake the import that is open. */
export default function Admin() {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const [named, opened] = useLocation().hash.slice(1).split("/");
  const tab = TABS.find((one) => one === named) ?? "intake";
  return (
    <div className="page page-wide admin" data-testid="admin">
      <PageTitle name={t("title")} />
      <Title order={1}>{t("title")}</Title>
      <Tabs value={tab} onChange={(to) => to && void navigate({ hash: to })} keepMounted={false}>
        <Tabs.List aria-label={t("sections")}>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`tab-${one}`}>
              {t(`tab_${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Panel name="intake">{opened ? <ImportDetails key={opened} import_id={opened} /> : <Intake />}</Panel>
        <Panel name="jobs">
          <Jobs />
        </Panel>
        <Panel name="storage">
          <StorageUsed />
        </Panel>
        <Panel name="model">
          <Model />
        </Panel>
        <Panel name="accounts">
          <Accounts />
        </Panel>
        <Panel name="audit">
          <Audit />
        </Panel>
      </Tabs>
    </div>
  );
}

function Panel({ name, children }: { name: Tab; children: ReactNode }) {
  const { t } = useTranslation("admin");
  return (
    <Tabs.Panel value={name}>
      <p className="lead">{t(`lead_${name}`)}</p>
      {children}
    </Tabs.Panel>
  );
}
