import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { addMessages } from "../i18n";
import { Loading } from "../shell/loading";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import messages from "./messages.json";
import { OnDemand } from "./on_demand";
import "./practice.css";
import { useToday } from "./queries";
import { progressOf } from "./set_progress";
import { NoSet, TodaysSet } from "./todays_set";

addMessages("practice", messages);

/** My practice: the open set with its one reason, and a set on demand. */
export default function Practice() {
  const { t } = useTranslation("practice");
  const { data: set, error, isPending, refetch } = useToday();
  return (
    <div className="page">
      <PageTitle name={t("title")} />
      <Title order={1}>{t("title")}</Title>
      {isPending && <Loading />}
      <ProblemLine error={error} retry={() => void refetch()} />
      {set && <TodaysSet set={set} />}
      {set === null && <NoSet />}
      <OnDemand replaces={Boolean(set) && progressOf(set!).next !== null} />
    </div>
  );
}
