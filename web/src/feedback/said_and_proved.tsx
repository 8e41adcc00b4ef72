import { useTranslation } from "react-i18next";
import type { Feedback } from "../api/types";

/** `proved` is null where there is nothing to prove. */
type Row = { name: string; said: string; proved: string | null };

/** The reader's words above the case's, over the panel's whole width: a diagnosis can be a sentence. */
export function SaidAndProved({ feedback }: { feedback: Feedback }) {
  const { t } = useTranslation("feedback");
  const { answer } = feedback;
  const listed = (findings: { name: string }[]) => findings.map(({ name }) => name).join(", ") || t("none");
  const saidNothing = !answer.normal && !answer.findings.length && !answer.diagnosis;
  const rows: Row[] = [
    {
      name: t("truth_row"),
      said: t(answer.normal ? "normal" : saidNothing ? "said_nothing" : "abnormal"),
      proved: t(feedback.truth),
    },
    { name: t("findings_row"), said: listed(answer.findings), proved: listed(feedback.findings) },
    { name: t("diagnosis_row"), said: answer.diagnosis?.name ?? t("none"), proved: feedback.diagnosis || t("none") },
    {
      name: t("sure_row"),
      said: answer.confidence === null ? t("sure_unstated") : t("sure", { value: answer.confidence }),
      proved: null,
    },
  ];
  return (
    <dl className="said" data-testid="said-and-proved">
      {rows.map(({ name, said, proved }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className="quiet">{t("said")}</span> <span>{said}</span>
          </dd>
          {proved !== null && (
            <dd>
              <span className="quiet">{t("proved")}</span> <span>{proved}</span>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
