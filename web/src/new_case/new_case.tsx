import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/types";
import { addMessages } from "../i18n";
import { PageTitle } from "../shell/page_title";
import { CaseForm } from "./case_form";
import { type Desktop, useDesk } from "./desk";
import { Failed, Making } from "./making";
import { Images } from "./images";
import { MakeBar } from "./make_bar";
import messages from "./messages.json";
import "./new_case.css";
import { useJob } from "./queries";

addMessages("new_case", messages);

/** A new case: a form and images become a draft. */
export default function NewCasePage({ me }: { me: Me }) {
  const { t } = useTranslation("new_case");
  const desk = useDesk(me.login);
  return (
    <div className="page page-wide new-case" data-testid="new-case">
      <PageTitle name={t("title")} />
      <Title order={1}>{t("title")}</Title>
      <p className="lead">{t("lead")}</p>
      <AtWork desk={desk} />
    </div>
  );
}

function AtWork({ desk }: { desk: Desktop }) {
  const job = useJob(desk.job_id);
  const failed = job.data?.status === "failed";
  if (desk.job_id && !failed) return <Making job={job.data} error={job.error} />;
  return (
    <>
      {failed && job.data && <Failed desk={desk} error={job.data.error} />}
      <div className="new-case-desk">
        <CaseForm desk={desk} />
        <Images desk={desk} />
      </div>
      <MakeBar desk={desk} />
    </>
  );
}
