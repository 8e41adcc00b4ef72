import { Title, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Storage } from "../api/types";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { percent } from "../shell/words";
import { AmountBar } from "./bar";
import { useStorage } from "./queries";
import { When } from "./when";
import { bytes, grouped, share } from "./words";

/** Below this share of a disk, somebody should make room. */
const LITTLE_FREE = 0.1;

/** What the workspace takes up, and how much room is left. */
export function StorageUsed() {
  const { t } = useTranslation("admin");
  const { data, error, isPending, refetch } = useStorage();
  if (isPending) return <Loading />;
  return (
    <>
      <ProblemLine error={error} retry={() => void refetch()} />
      {data && (
        <>
          <Disks disks={data.disks} />
          <Parts storage={data} />
          <Rows rows={data.rows} />
          <p className="quiet">
            {t("measured")} <When at={data.measured_at} />
          </p>
        </>
      )}
    </>
  );
}

function Disks({ disks }: { disks: Storage["disks"] }) {
  const { t } = useTranslation("admin");
  return (
    <section className="card" aria-labelledby="disks">
      <Title order={2} id="disks">
        {t("disks")}
      </Title>
      {disks.map(({ holds, free_bytes, total_bytes }) => {
        const free = share(free_bytes, total_bytes);
        return (
          <div key={holds.join()} className="disk" data-testid="disk">
            <span>{holds.length > 1 ? t("holds_both") : t(`holds_${holds[0]}`)}</span>
            <AmountBar share={1 - free} warns={free < LITTLE_FREE} />
            <span className="number">
              {t("free_of", { free: bytes(free_bytes), total: bytes(total_bytes), share: percent(free) })}
            </span>
            {free < LITTLE_FREE && (
              <p className="problem" role="status" data-testid="disk-warning">
                {t("little_free")}
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}

function Parts({ storage }: { storage: Storage }) {
  const { t } = useTranslation("admin");
  const most = Math.max(0, ...storage.parts.map((part) => part.bytes));
  return (
    <section className="card" aria-labelledby="parts">
      <Title order={2} id="parts">
        {t("parts")}
      </Title>
      {storage.archive_elsewhere && <p className="quiet">{t("archive_elsewhere")}</p>}
      <table className="plain parts" data-testid="parts">
        <thead>
          <tr>
            <th scope="col">{t("part")}</th>
            <th scope="col">
              <VisuallyHidden>{t("share")}</VisuallyHidden>
            </th>
            <th scope="col" className="number">
              {t("size")}
            </th>
            <th scope="col" className="number">
              {t("files")}
            </th>
            <th scope="col">{t("what_it_is")}</th>
          </tr>
        </thead>
        <tbody>
          {storage.parts.map(({ part, bytes: size, files, whole }) => (
            <tr key={part}>
              <th scope="row">{t(`part_${part}`)}</th>
              <td className="amount">
                <AmountBar share={share(size, most)} />
              </td>
              <td className="number">{whole ? bytes(size) : t("at_least", { size: bytes(size) })}</td>
              <td className="number">{part === "database" ? "–" : grouped(files)}</td>
              <td className="quiet">{t(`part_${part}_help`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Rows({ rows }: { rows: Storage["rows"] }) {
  const { t } = useTranslation("admin");
  const counted = ["images", "readers", "reads", "reviews", "reports", "volumes", "audit"] as const;
  return (
    <section className="card" aria-labelledby="rows">
      <Title order={2} id="rows">
        {t("kept_rows")}
      </Title>
      <dl className="facts" data-testid="rows">
        {rows.cases.map(({ status, cases }) => (
          <div key={status}>
            <dt>{t(`cases_${status}`)}</dt>
            <dd>{grouped(cases)}</dd>
          </div>
        ))}
        {counted.map((name) => (
          <div key={name}>
            <dt>{t(`rows_${name}`)}</dt>
            <dd>{grouped(rows[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
