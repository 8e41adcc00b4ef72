import { Button, Title } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { PracticeSet } from "../api/types";
import { ProblemLine } from "../shell/problem";
import { useMakeSet, useRightOf } from "./queries";
import { progressOf } from "./set_progress";

export function TodaysSet({ set }: { set: PracticeSet }) {
  const { next } = progressOf(set);
  return next === null ? <DoneSet set={set} /> : <OpenSet set={set} next={next} />;
}

function OpenSet({ set, next }: { set: PracticeSet; next: number }) {
  const { t } = useTranslation("practice");
  const { read, size } = progressOf(set);
  useEffect(() => {
    // The viewer is large and tells nothing of any case: fetch it while the reason is being read.
    void import("../read/read");
    void import("../viewer/viewer");
  }, []);
  return (
    <section className="card practice-card" aria-labelledby="today" data-testid="todays-set">
      <div className="practice-head">
        <Title order={2} id="today">
          {t("today")}
        </Title>
        <span className="quiet">{t("made", { count: size, minutes: set.minutes })}</span>
      </div>
      <p className="lead practice-reason" data-testid="set-reason">
        {set.reason}
      </p>
      <Steps set={set} next={next} />
      <div className="practice-foot">
        <Button component={Link} to={`/read/${set.set_id}/${next}`} size="md" data-testid="start-set" autoFocus>
          {read ? t("continue", { position: next }) : t("start")}
        </Button>
        <span className="quiet" data-testid="set-progress">
          {t("read_of", { read, size })}
        </span>
        <span className="quiet practice-model">{t("model", { model: set.model })}</span>
      </div>
    </section>
  );
}

/** Every case is read: how it went, and where to look next. */
function DoneSet({ set }: { set: PracticeSet }) {
  const { t } = useTranslation("practice");
  const { data: right } = useRightOf(set.set_id);
  return (
    <section className="card practice-card" aria-labelledby="today" data-testid="set-done">
      <Title order={2} id="today">
        {right === undefined ? t("done") : t("done_right", { right, size: set.items.length })}
      </Title>
      <p className="lead practice-reason">{t("done_lead")}</p>
      <Steps set={set} next={null} />
      <div className="practice-foot">
        <Button component={Link} to="/progress" variant="default" size="md" data-testid="to-progress">
          {t("to_progress")}
        </Button>
      </div>
    </section>
  );
}

/** Where no set was chosen today: one press makes the set that the reads so far ask for. */
export function NoSet() {
  const { t } = useTranslation("practice");
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMakeSet();
  const make = () =>
    mutate({}, { onSuccess: (set) => void navigate(`/read/${set.set_id}/${set.items[0]?.position ?? 1}`) });
  return (
    <section className="card practice-card" aria-labelledby="today" data-testid="no-set">
      <Title order={2} id="today">
        {t("none")}
      </Title>
      <p className="lead practice-reason">{t("none_lead")}</p>
      <Button size="md" loading={isPending} onClick={make} data-testid="start-set">
        {t("make_today")}
      </Button>
      <ProblemLine error={error} />
    </section>
  );
}

/** One step a case: filled with a tick where read, ringed where it is next. */
function Steps({ set, next }: { set: PracticeSet; next: number | null }) {
  const { t } = useTranslation("practice");
  return (
    <ol className="steps">
      {set.items.map(({ position, reading_id }) => (
        <li key={position} className={reading_id ? "is-read" : position === next ? "is-next" : ""}>
          <Link
            to={`/read/${set.set_id}/${position}`}
            aria-label={t(reading_id ? "case_read" : "case_next", { position })}
          >
            {reading_id ? "✓" : position}
          </Link>
        </li>
      ))}
    </ol>
  );
}
