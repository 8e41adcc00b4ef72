import { useTranslation } from "react-i18next";
import type { Feedback } from "../api/types";
import { sentenceCase } from "../shell/words";
import { Interval, IntervalText } from "../charts/interval";

/** This case's own reason and the chance that was predicted for it. */
export function Why({ feedback }: { feedback: Feedback }) {
  const { t } = useTranslation("feedback");
  return (
    <div data-testid="why">
      <h3 className="label">{t("why")}</h3>
      <p className="prose">{feedback.reason}</p>
      <p className="quiet">{t("chance")}</p>
      <div className="bar">
        <Interval chance={feedback.chance} width={192} />
        <IntervalText chance={feedback.chance} />
      </div>
    </div>
  );
}

/** Each ability this read moved: before and after on one axis. */
export function Change({ feedback }: { feedback: Feedback }) {
  const { t } = useTranslation("feedback");
  if (!feedback.change.length) return null;
  return (
    <div data-testid="change">
      <h3 className="label">{t("change")}</h3>
      {feedback.change.map(({ label, before, after }) => (
        <div key={label} className="change">
          <p>{sentenceCase(label)}</p>
          <div className="bar">
            <span className="quiet">{t("before")}</span>
            <Interval chance={before} width={150} faint />
            <IntervalText chance={before} />
          </div>
          <div className="bar">
            <span className="quiet">{t("after")}</span>
            <Interval chance={after} width={150} />
            <IntervalText chance={after} />
          </div>
        </div>
      ))}
    </div>
  );
}
