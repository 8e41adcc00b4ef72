import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { DraftRow } from "../api/types";
import { sentenceCase } from "../shell/words";
import { Flag } from "./flag";

type Props = {
  items: readonly DraftRow[];
  at: number;
  /** Whether a key chose the row: the focus then follows. */
  byKey: boolean;
  onOpen: (case_id: string) => void;
};

export function QueueTable({ items, at, byKey, onOpen }: Props) {
  const { t } = useTranslation("drafts");
  if (!items.length) return <p className="lead">{t("empty")}</p>;
  return (
    <table className="plain queue" data-testid="draft-queue">
      <thead>
        <tr>
          {(["case", "modality", "region", "images", "truth", "origin", "flags"] as const).map((name) => (
            <th key={name} scope="col" className={name === "images" ? "number" : ""}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item, i) => (
          <Row key={item.case_id} item={item} current={i === at} byKey={byKey} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ item, current, byKey, onOpen }: { item: DraftRow; current: boolean } & Pick<Props, "byKey" | "onOpen">) {
  const { t } = useTranslation("drafts");
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (current && byKey) link.current?.focus();
  }, [current, byKey]);
  return (
    <tr className={current ? "is-current" : ""} onClick={() => onOpen(item.case_id)} data-testid="draft-row">
      <td>
        <Link
          ref={link}
          to={`/drafts/${item.case_id}`}
          onClick={(event) => event.stopPropagation()}
          aria-current={current || undefined}
        >
          {item.title || t("untitled")}
        </Link>
      </td>
      <td>{item.modality}</td>
      <td>{sentenceCase(item.region)}</td>
      <td className="number">{item.images}</td>
      <td>{t(item.truth)}</td>
      <td>{t(`origin_${item.origin}`)}</td>
      <td className="flags">
        {!item.clean && <span className="flag is-bad">{t("not_clean")}</span>}
        {item.flags.map((flag) => (
          <span key={flag} className="flag">
            <Flag flag={flag} />
          </span>
        ))}
      </td>
    </tr>
  );
}
