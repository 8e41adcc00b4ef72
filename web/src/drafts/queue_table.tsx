import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { DraftRow } from "../api/types";
import { sentenceCase } from "../shell/words";
import { Flag } from "./flag";
import type { List } from "./queries";

type Props = {
  list: List;
  items: readonly DraftRow[];
  at: number;
  /** Whether a key chose the row: the focus then follows. */
  byKey: boolean;
  onOpen: (case_id: string) => void;
};

export function QueueTable({ list, items, at, byKey, onOpen }: Props) {
  const { t } = useTranslation("drafts");
  if (!items.length)
    return (
      <p className="lead queue-empty" data-testid="queue-empty">
        {t(`empty_${list}`)}
      </p>
    );
  const isDraft = list === "ready" || list === "waiting";
  const columns = ["case", "priority", "modality", "region", "images", "truth", "origin", "flags"] as const;
  const highest = isDraft ? Math.max(...items.map(({ priority }) => priority)) : 0;
  return (
    <table className="plain queue" data-testid="draft-queue">
      <thead>
        <tr>
          {columns
            .filter((name) => isDraft || name !== "priority")
            .map((name) => (
              <th key={name} scope="col" className={name === "images" ? "number" : ""}>
                {t(name)}
              </th>
            ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item, i) => (
          <Row
            key={item.case_id}
            item={item}
            current={i === at}
            highest={isDraft ? highest : null}
            byKey={byKey}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = Pick<Props, "byKey" | "onOpen"> & {
  item: DraftRow;
  current: boolean;
  /** The priority that fills the bar; null where the list has none. */
  highest: number | null;
};

function Row({ item, current, highest, byKey, onOpen }: RowProps) {
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
      {highest !== null && (
        <td>
          <Priority value={item.priority} highest={highest} />
        </td>
      )}
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

/** The bar compares the rows of this page; the number holds across pages. */
function Priority({ value, highest }: { value: number; highest: number }) {
  return (
    <span className="priority">
      <span className="priority-bar" aria-hidden>
        <span style={{ width: `${highest > 0 ? (100 * value) / highest : 0}%` }} />
      </span>
      {value.toFixed(1)}
    </span>
  );
}
