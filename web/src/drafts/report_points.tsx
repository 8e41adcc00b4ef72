import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Draft, DraftEdit } from "../api/types";
import { type Highlight, ReportText } from "../report/report_text";
import { sentencesOf } from "../report/spans";
import type { Place } from "../viewer/places";
import { findingFor, pointsIn, togglePoint } from "./edit";
import { Points } from "./points";

export type Shared = {
  draft: Draft;
  edit: DraftEdit;
  setEdit: (edit: DraftEdit) => void;
  nameOf: (key: string) => string;
};

type ReportProps = Shared & { onNeedFinding: () => void; onShow: (place: Place) => void };

const ASSERTIONS = ["present", "absent", "uncertain", "prior", "hypothetical"] as const;

/** The report with its observations marked; sentences press in and out as teaching points. */
export function DraftReport({ draft, edit, setEdit, nameOf, onNeedFinding, onShow }: ReportProps) {
  const { t } = useTranslation("drafts");
  const { text, sections } = draft.report;
  const sentences = useMemo(
    () => sentencesOf(text, sections.length ? sections : [{ start: 0, end: Array.from(text).length }]),
    [text, sections],
  );
  const highlights = draft.observations.map(({ start, end, name, assertion, side }): Highlight => ({
    start,
    end,
    className: assertion,
    title: t(side ? "observation_side" : "observation", { name, side, assertion: t(`assertion.${assertion}`) }),
  }));
  const used = ASSERTIONS.filter((assertion) => draft.observations.some((one) => one.assertion === assertion));
  return (
    <section aria-labelledby="report">
      <h2 id="report" className="label">
        {t("report")}
      </h2>
      <p className="quiet help">{t("report_help")}</p>
      <ReportText
        text={text}
        highlights={highlights}
        sentences={sentences}
        isPressed={(sentence) => pointsIn(edit, sentence).length > 0}
        onPress={(sentence) => {
          const finding = findingFor(sentence, draft, edit);
          if (finding === null && !pointsIn(edit, sentence).length) onNeedFinding();
          setEdit(togglePoint(edit, sentence, finding));
        }}
      />
      {used.length > 0 && (
        <p className="quiet report-text legend-text">
          <span>{t("legend")}:</span>{" "}
          {used.map((assertion) => (
            <mark key={assertion} className={assertion}>
              {t(`assertion.${assertion}`)}
            </mark>
          ))}
        </p>
      )}
      <Points {...{ draft, edit, setEdit, nameOf, onShow }} />
    </section>
  );
}
