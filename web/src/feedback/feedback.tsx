import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, body } from "../api/client";
import type { Feedback as FeedbackOf } from "../api/types";
import { addMessages } from "../i18n";
import { ReportText } from "../report/report_text";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { useShortcuts } from "../shell/shortcuts";
import type { Place, Shape } from "../viewer/places";
import { Change, Why } from "./change";
import { DisputeForm } from "./dispute_form";
import "./feedback.css";
import messages from "./messages.json";
import { Places } from "./places_list";
import { SaidAndProved } from "./said_and_proved";
import { firstLook, shapesOf } from "./shapes";

addMessages("feedback", messages);

type Props = {
  reading_id: string;
  set_id: string;
  locate: (place: Place) => { series: number; slice: number };
  onShapes: (shapes: readonly Shape[]) => void;
  onShow: (place: Place) => void;
};

/** What is proved, beside what the reader said, on the images they read. Loaded only after commit. */
export default function Feedback({ reading_id, set_id, locate, onShapes, onShow }: Props) {
  const { t } = useTranslation("feedback");
  const { data, error, refetch } = useQuery({
    queryKey: ["feedback", reading_id],
    queryFn: () => body(api.GET("/api/readings/{reading_id}/feedback", { params: { path: { reading_id } } })),
  });
  useEffect(() => {
    if (!data) return;
    onShapes(shapesOf(data, (number) => t("your_mark", { number })));
    const place = firstLook(data);
    if (place) onShow(place);
  }, [data, onShapes, onShow, t]);
  if (error) return <ProblemLine error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <section className="feedback" data-testid="feedback" aria-labelledby="feedback-title">
      <h2 id="feedback-title" className="visually-hidden">
        {t("title")}
      </h2>
      <Verdict feedback={data} />
      <SaidAndProved feedback={data} />
      <Places {...{ feedback: data, locate, onShow }} />
      <Teaching feedback={data} />
      <Why feedback={data} />
      <Change feedback={data} />
      <p className="quiet" data-testid="origin">
        {t("source", { origin: t(`origin.${data.origin}`), proof: t(`proof.${data.proof}`) })}
      </p>
      <DisputeForm reading_id={reading_id} />
      <Next feedback={data} set_id={set_id} />
    </section>
  );
}

function Verdict({ feedback }: { feedback: FeedbackOf }) {
  const { t } = useTranslation("feedback");
  return (
    <div className={feedback.correct ? "verdict is-right" : "verdict is-missed"} role="status" data-testid="verdict">
      <span className="verdict-sign" aria-hidden="true">
        {feedback.correct ? "✓" : "○"}
      </span>
      <div>
        <strong>{t(feedback.correct ? "right" : "missed")}</strong>
        <p>{feedback.verdict}</p>
      </div>
    </div>
  );
}

function Teaching({ feedback }: { feedback: FeedbackOf }) {
  const { t } = useTranslation("feedback");
  const highlights = feedback.points.map(({ start, end, name }) => ({
    start,
    end,
    className: "point",
    title: t("point_title", { name }),
  }));
  return (
    <>
      {feedback.points.length > 0 && (
        <div>
          <h3 className="label">{t("teaching")}</h3>
          <ul className="points" data-testid="points">
            {feedback.points.map((point) => (
              <li key={`${point.finding}-${point.start}`}>
                {point.wording || point.text} <span className="quiet">{point.name}</span>
                {point.wording && <p className="quiet">{t("in_the_report", { text: point.text })}</p>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {feedback.discussion && (
        <div>
          <h3 className="label">{t("discussion")}</h3>
          <p className="prose">{feedback.discussion}</p>
        </div>
      )}
      {feedback.differential.length > 0 && (
        <div>
          <h3 className="label">{t("differential")}</h3>
          <p className="prose">{feedback.differential.join(" · ")}</p>
        </div>
      )}
      {feedback.report.text && (
        <div>
          <h3 className="label">{t("report")}</h3>
          <ReportText text={feedback.report.text} highlights={highlights} />
        </div>
      )}
    </>
  );
}

function Next({ feedback, set_id }: { feedback: FeedbackOf; set_id: string }) {
  const { t } = useTranslation("feedback");
  const navigate = useNavigate();
  const { next_position } = feedback;
  const go = () => void navigate(next_position === null ? "/" : `/read/${set_id}/${next_position}`);
  useShortcuts({ Enter: go, n: go });
  return (
    <div className="next">
      {next_position === null && <p className="quiet">{t("finished")}</p>}
      <Button fullWidth size="md" onClick={go} data-testid="next-case" aria-keyshortcuts="Enter n">
        {t(next_position === null ? "finish" : "next")}
      </Button>
    </div>
  );
}
