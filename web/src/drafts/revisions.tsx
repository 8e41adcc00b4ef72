import { useTranslation } from "react-i18next";
import type { Draft } from "../api/types";

/** What the final report changed of the preliminary one; what would be scored significant stands out in words. */
export function Revisions({ draft }: { draft: Draft }) {
  const { t } = useTranslation("drafts");
  if (draft.revisions.length === 0) return null;
  return (
    <section aria-labelledby="revisions" data-testid="revisions">
      <h2 id="revisions" className="label">
        {t("revisions")}
      </h2>
      <ul className="rows">
        {draft.revisions.map((one) => (
          <li key={`${one.status}-${one.finding}-${one.kind}`}>
            <span className="row-text">
              <strong>{t(`revision.${one.kind}`, { name: one.name })}</strong>{" "}
              {one.what.map((word) => t(`revised.${word}`)).join(", ")}
              <span className="quiet">
                {" "}
                {t("revision_words", {
                  before: one.before || t("not_mentioned"),
                  after: one.after || t("not_mentioned"),
                })}
              </span>
            </span>
            <span className={one.significant ? "flag" : "quiet"}>
              {t(one.significant ? "significant" : "not_significant", { matter: Math.round(one.matter * 100) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
