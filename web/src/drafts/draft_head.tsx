import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Draft } from "../api/types";
import { sentenceCase, spaced } from "../shell/words";
import { Flag } from "./flag";

export function DraftHead({ draft }: { draft: Draft }) {
  const { t } = useTranslation("drafts");
  const { cleaning } = draft;
  return (
    <header className="draft-head">
      <p className="quiet">
        <Link to="/drafts">← {t("back")}</Link>
      </p>
      <h1>
        {draft.title || t("untitled")}{" "}
        <span className={`status status-${draft.status}`} data-testid="case-status">
          {t(`status_${draft.status}`)}
        </span>
      </h1>
      <p className="quiet">
        {t("source", { origin: t(`origin_${draft.origin}`), source: draft.source, source_id: draft.source_id })} ·{" "}
        {draft.modality} · {sentenceCase(draft.region)}
      </p>
      {draft.tags.length > 0 && (
        <ul className="tags quiet" aria-label={t("tags")} data-testid="tags">
          {draft.tags.map((tag) => (
            <li key={tag}>{spaced(tag)}</li>
          ))}
        </ul>
      )}
      <p className={cleaning.clean ? "quiet" : "problem"} data-testid="cleaning">
        {cleaning.clean
          ? t("cleaning_ok", { scrub: cleaning.scrub, profile: cleaning.profile })
          : t(cleaning.scrub ? "cleaning_profile" : "cleaning_scrub")}
      </p>
      {draft.flags.length > 0 && (
        <ul className="flags" aria-label={t("flags")}>
          {draft.flags.map((flag) => (
            <li key={flag} className="flag">
              <Flag flag={flag} />
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}
