import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Fitted, ModelView } from "../api/types";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { sentenceCase } from "../shell/words";
import { useModel } from "./queries";
import { When } from "./when";
import { grouped } from "./words";

/** Which model chooses the cases, how good it is, and what was in use before. */
export function Model() {
  const { data, error, isPending, refetch } = useModel();
  if (isPending) return <Loading />;
  return (
    <>
      <ProblemLine error={error} retry={() => void refetch()} />
      {data && (
        <>
          <InUse model={data} />
          {data.fitted && <Metrics metrics={data.fitted.metrics} />}
          <Beside model={data} />
          <Earlier fits={data.earlier} />
        </>
      )}
    </>
  );
}

function InUse({ model }: { model: ModelView }) {
  const { t } = useTranslation("admin");
  const { fitted } = model;
  return (
    <section className="card" aria-labelledby="in-use" data-testid="model">
      <Title order={2} id="in-use">
        {t("in_use")}
      </Title>
      {!fitted && <p className="quiet">{t("not_fitted")}</p>}
      <Facts
        facts={[
          [t("tracer"), t("tracer_version", { name: sentenceCase(model.tracer), version: model.tracer_version })],
          ...(fitted
            ? ([
                [t("version"), <code>{fitted.version}</code>],
                [t("promoted"), <When at={fitted.promoted_at} />],
                [t("fitted_to"), fitted.reads === null ? t("unknown") : t("reads", { reads: grouped(fitted.reads) })],
                [t("run"), fitted.run ? <code>{fitted.run}</code> : t("no_run")],
              ] as [string, ReactNode][])
            : []),
        ]}
      />
    </section>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whole numbers are counts; the rest are figures between 0 and a few. */
function figure(value: number): string {
  return Number.isInteger(value) ? grouped(value) : value.toFixed(3);
}

/** A figure of this model beside the same of the one before it and of the one that Wetread brings. */
function Metrics({ metrics }: Pick<Fitted, "metrics">) {
  const { t } = useTranslation("admin");
  const names = Object.keys(metrics).filter((name) => !/^(in_use|shipped)_/.test(name));
  const cell = (name: string) => (metrics[name] === undefined ? "–" : figure(metrics[name]));
  return (
    <section className="card" aria-labelledby="metrics">
      <Title order={2} id="metrics">
        {t("metrics")}
      </Title>
      {names.length === 0 ? (
        <p className="quiet">{t("no_metrics")}</p>
      ) : (
        <table className="plain metrics" data-testid="metrics">
          <thead>
            <tr>
              <th scope="col">{t("metric")}</th>
              {(["this_model", "model_before", "model_shipped"] as const).map((name) => (
                <th key={name} scope="col" className="number">
                  {t(name)}
                </th>
              ))}
              <th scope="col">{t("meaning")}</th>
            </tr>
          </thead>
          <tbody>
            {names.sort().map((name) => (
              <tr key={name}>
                <th scope="row">{t(`metric_${name}`, { defaultValue: sentenceCase(name) })}</th>
                {[name, `in_use_${name}`, `shipped_${name}`].map((one) => (
                  <td key={one} className="number">
                    {cell(one)}
                  </td>
                ))}
                <td className="quiet">{t(`meaning_${name}`, { defaultValue: t("meaning_other") })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Beside({ model }: { model: ModelView }) {
  const { t } = useTranslation("admin");
  return (
    <section className="card" aria-labelledby="beside">
      <Title order={2} id="beside">
        {t("beside")}
      </Title>
      <Facts
        facts={[
          [t("findings"), grouped(model.findings)],
          [t("diagnoses"), grouped(model.diagnoses)],
          [t("library_version"), grouped(model.library_version)],
          [t("scrub_version"), <code>{model.scrub_version}</code>],
          [t("profile_version"), <code>{model.profile_version}</code>],
        ]}
      />
    </section>
  );
}

function Earlier({ fits }: { fits: readonly Fitted[] }) {
  const { t } = useTranslation("admin");
  return (
    <section className="card" aria-labelledby="earlier">
      <Title order={2} id="earlier">
        {t("earlier")}
      </Title>
      {fits.length === 0 ? (
        <p className="quiet">{t("no_earlier")}</p>
      ) : (
        <table className="plain" data-testid="earlier">
          <thead>
            <tr>
              <th scope="col">{t("used_from")}</th>
              <th scope="col">{t("version")}</th>
              <th scope="col" className="number">
                {t("fitted_to")}
              </th>
              <th scope="col" className="number">
                {t("metric_auc")}
              </th>
              <th scope="col" className="number">
                {t("metric_log_loss")}
              </th>
              <th scope="col">{t("run")}</th>
            </tr>
          </thead>
          <tbody>
            {fits.map((fit) => (
              <tr key={fit.version}>
                <td>
                  <When at={fit.promoted_at} />
                </td>
                <td>
                  <code>{fit.version}</code>
                </td>
                <td className="number">{fit.reads === null ? "–" : t("reads", { reads: grouped(fit.reads) })}</td>
                <td className="number">{fit.metrics.auc === undefined ? "–" : figure(fit.metrics.auc)}</td>
                <td className="number">{fit.metrics.log_loss === undefined ? "–" : figure(fit.metrics.log_loss)}</td>
                <td>{fit.run ? <code>{fit.run}</code> : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
