import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, body } from "../api/client";
import type { Ability, Progress as ProgressOf } from "../api/types";
import { Interval, IntervalText } from "../charts/interval";
import { addMessages } from "../i18n";
import { Loading } from "../shell/loading";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import { moment, sentenceCase } from "../shell/words";
import { byRegion } from "./by_region";
import { Calibration } from "./calibration";
import messages from "./messages.json";
import "./progress.css";

addMessages("progress", messages);

/** Fewer reads than this say nothing about an ability (Pusic 2011: the first twenty cases are noise). */
const ENOUGH_READS = 20;

/** My progress: abilities with their uncertainty, never a grade. */
export default function Progress() {
  const { t } = useTranslation("progress");
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["progress"],
    staleTime: 0,
    queryFn: async () => (await body(api.GET("/api/progress"))) as ProgressOf,
  });
  if (isPending) return <Loading />;
  if (error)
    return (
      <div className="page">
        <ProblemLine error={error} retry={() => void refetch()} />
      </div>
    );
  return (
    <div className="page page-wide" data-testid="progress">
      <PageTitle name={t("title")} />
      <Title order={1}>{t("title")}</Title>
      {data.reads === 0 ? (
        <p className="lead">{t("none")}</p>
      ) : (
        <>
          <p className="lead">{t("lead", { reads: data.reads, right: data.right })}</p>
          <div className="progress-grid">
            <Abilities abilities={data.abilities} />
            <div className="progress-side">
              <Overall progress={data} />
              <section className="card" aria-labelledby="calibration">
                <Title order={2} id="calibration">
                  {t("calibration")}
                </Title>
                <p className="quiet">{t("calibration_lead")}</p>
                <Calibration bins={data.confidence} />
              </section>
              <Sets sets={data.sets} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function Overall({ progress }: { progress: ProgressOf }) {
  const { t } = useTranslation("progress");
  return (
    <section className="card" aria-labelledby="overall">
      <Title order={2} id="overall">
        {t("overall")}
      </Title>
      {(["sensitivity", "specificity"] as const).map((name) => {
        const rate = progress.overall[name];
        if (!rate) return null;
        const enough = rate.reads >= ENOUGH_READS;
        return (
          <div key={name} className="overall">
            <p>{t(name)}</p>
            <div className="bar">
              <Interval chance={rate} width={200} faint={!enough} />
              {enough ? <IntervalText chance={rate} /> : <span className="quiet">{t("few")}</span>}
            </div>
            <p className="quiet">{t("reads", { count: rate.reads })}</p>
          </div>
        );
      })}
    </section>
  );
}

function Abilities({ abilities }: { abilities: readonly Ability[] }) {
  const { t } = useTranslation("progress");
  return (
    <section className="card" aria-labelledby="abilities">
      <Title order={2} id="abilities">
        {t("abilities")}
      </Title>
      <p className="quiet">{t("abilities_lead")}</p>
      {byRegion(abilities).map(([region, members]) => (
        <table key={region} className="plain abilities">
          <caption>{sentenceCase(region)}</caption>
          <colgroup>
            <col />
            <col className="col-kind" />
            <col className="col-right" />
            <col className="col-bar" />
            <col className="col-text" />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">{t("finding")}</th>
              <th scope="col">{t("kind")}</th>
              <th scope="col" className="number">
                {t("right_of")}
              </th>
              <th scope="col" colSpan={2}>
                {t("ability")}
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map((ability) => (
              <AbilityRow key={ability.skill} ability={ability} />
            ))}
          </tbody>
        </table>
      ))}
    </section>
  );
}

function AbilityRow({ ability }: { ability: Ability }) {
  const { t } = useTranslation("progress");
  const { name, truth, right, reads, chance, enough } = ability;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="quiet">{t(truth === "normal" ? "kind_normal" : "kind_abnormal")}</td>
      <td className="number">
        {right} / {reads}
      </td>
      <td>
        <Interval chance={chance} width={210} faint={!enough} />
      </td>
      <td className="ability-text">
        {enough ? <IntervalText chance={chance} /> : <span className="quiet">{t("few")}</span>}
      </td>
    </tr>
  );
}

function Sets({ sets }: { sets: ProgressOf["sets"] }) {
  const { t } = useTranslation("progress");
  if (!sets.length) return null;
  return (
    <section className="card" aria-labelledby="sets">
      <Title order={2} id="sets">
        {t("sets")}
      </Title>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("set_date")}</th>
            <th scope="col" className="number">
              {t("set_read")}
            </th>
            <th scope="col" className="number">
              {t("set_right")}
            </th>
          </tr>
        </thead>
        <tbody>
          {sets.map((set) => (
            <tr key={set.set_id}>
              <td>
                <Link to={`/read/${set.set_id}/1`}>{moment(set.created_at)}</Link>
              </td>
              <td className="number">
                {set.read} / {set.size}
              </td>
              <td className="number">{set.right}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
