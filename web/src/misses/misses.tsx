import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { MissRow, Misses as MissesOf } from "../api/types";
import { Interval, IntervalText } from "../charts/interval";
import { roundedUp } from "../charts/scale";
import { addMessages } from "../i18n";
import { Loading } from "../shell/loading";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import { moment, percent, rate as rateText } from "../shell/words";
import messages from "./messages.json";
import "./misses.css";

addMessages("misses", messages);

/** Misses: rates with their intervals, counts and power, for the quality lead. */
export default function Misses() {
  const { t } = useTranslation("misses");
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["misses"],
    queryFn: () => body(api.GET("/api/misses")),
  });
  if (isPending) return <Loading />;
  if (error)
    return (
      <div className="page">
        <ProblemLine error={error} retry={() => void refetch()} />
      </div>
    );
  return (
    <div className="page page-wide misses" data-testid="misses">
      <PageTitle name={t("title")} />
      <Title order={1}>{t("title")}</Title>
      <p className="lead">{t("lead")}</p>
      <p className="quiet">{t("made", { at: moment(data.generated_at), readers: data.readers })}</p>
      <Legend />
      <Rates name="practice" rows={data.practice} />
      <Rates name="reviews" rows={data.reviews} />
      <UnsampledCounts rows={data.unsampled} />
      <p className="quiet note" data-testid="sampling-note">
        {data.note}
      </p>
    </div>
  );
}

function Rates({ name, rows }: { name: "practice" | "reviews"; rows: readonly MissRow[] }) {
  const { t } = useTranslation("misses");
  const to = roundedUp(Math.max(0, ...rows.map((row) => row.rate?.high ?? 0)));
  return (
    <section className="card" aria-labelledby={name}>
      <Title order={2} id={name}>
        {t(name)}
      </Title>
      <p className="quiet">{t(`${name}_lead`)}</p>
      {rows.length === 0 ? <p className="quiet">{t(`none_${name}`)}</p> : <RatesTable rows={rows} to={to} />}
    </section>
  );
}

function RatesTable({ rows, to }: { rows: readonly MissRow[]; to: number }) {
  const { t } = useTranslation("misses");
  return (
    <table className="plain rates">
      <thead>
        <tr>
          <th scope="col">{t("label")}</th>
          <th scope="col" className="number">
            {t("discrepancies")}
          </th>
          <th scope="col">{t("rate_axis", { to: percent(to) })}</th>
          <th scope="col" className="number">
            {t("shrunk")}
          </th>
          <th scope="col" className="number">
            {t("power")}
          </th>
          <th scope="col">{t("verdict")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <RateRow key={row.label} row={row} to={to} />
        ))}
      </tbody>
    </table>
  );
}

/** What the columns of both tables hold. */
function Legend() {
  const { t } = useTranslation("misses");
  return (
    <dl className="legend" aria-label={t("legend")}>
      {(["rate", "shrunk", "power"] as const).map((name) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{t(`${name}_help`)}</dd>
        </div>
      ))}
    </dl>
  );
}

function RateRow({ row, to }: { row: MissRow; to: number }) {
  const { t } = useTranslation("misses");
  const { discrepancies, reviews, rate, shrunk, power } = row;
  return (
    <tr>
      <th scope="row">{row.label}</th>
      <td className="number">{t("count", { discrepancies, reviews })}</td>
      <td>
        {rate ? (
          <>
            <Interval chance={rate} to={to} width={160} format={rateText} />
            <IntervalText chance={rate} format={rateText} />
          </>
        ) : (
          <span className="quiet">{t("not_enough")}</span>
        )}
      </td>
      <td className="number">{shrunk === null ? "–" : rateText(shrunk)}</td>
      <td className="number">{power === null ? "–" : percent(power)}</td>
      <td className="verdict-text">{row.verdict}</td>
    </tr>
  );
}

function UnsampledCounts({ rows }: { rows: MissesOf["unsampled"] }) {
  const { t } = useTranslation("misses");
  if (!rows.length) return null;
  return (
    <section className="card" aria-labelledby="unsampled">
      <Title order={2} id="unsampled">
        {t("unsampled")}
      </Title>
      <p className="quiet">{t("unsampled_lead")}</p>
      <table className="plain unsampled">
        <thead>
          <tr>
            <th scope="col">{t("label")}</th>
            <th scope="col" className="number">
              {t("discrepancies")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, discrepancies }) => (
            <tr key={label}>
              <td>{label}</td>
              <td className="number">{discrepancies}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
