import { useTranslation } from "react-i18next";
import type { Feedback } from "../api/types";

type Row = { name: string; said: string; proved: string };

/** Two columns: the reader's words and the case's. */
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
      proved: "",
    },
  ];
  return (
    <table className="said">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("said")}</th>
          <th scope="col">{t("proved")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, said, proved }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{said}</td>
            <td>{proved}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
