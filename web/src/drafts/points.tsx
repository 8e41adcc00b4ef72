import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DraftEdit } from "../api/types";
import { ProblemLine } from "../shell/problem";
import type { Place } from "../viewer/places";
import { locate, seriesOf } from "../viewer/series";
import { removeAt } from "./edit";
import { useWording } from "./queries";
import type { Shared } from "./report_points";

type Point = DraftEdit["points"][number];
type Props = Shared & { onShow: (place: Place) => void };

/** The teaching points: the report's own words, what they show, the images they belong to, and another wording. */
export function Points({ draft, edit, setEdit, nameOf, onShow }: Props) {
  const { t } = useTranslation("drafts");
  const letters = useMemo(() => Array.from(draft.report.text), [draft.report.text]);
  const named = [edit.findings, draft.observations.map((one) => one.finding), edit.points.map((one) => one.finding)];
  const choices = [...new Set(named.flat())].map((value) => ({ value, label: nameOf(value) }));
  const change = (i: number, part: Partial<Point>) =>
    setEdit({ ...edit, points: edit.points.map((one, j) => (j === i ? { ...one, ...part } : one)) });
  return (
    <>
      <h2 className="label points-label">{t("points")}</h2>
      {edit.points.length === 0 && <p className="quiet help">{t("no_points")}</p>}
      <ul className="rows" data-testid="draft-points">
        {edit.points.map((point, i) => (
          <li key={`${point.start}-${point.finding}`}>
            <div className="row-text">
              {letters.slice(point.start, point.end).join("")}
              <Reasons {...{ draft, point }} />
              <PointImages {...{ draft, point, onShow }} />
              <Wording {...{ draft, point }} onChange={(wording) => change(i, { wording })} />
            </div>
            <NativeSelect
              size="xs"
              aria-label={t("point_finding")}
              value={point.finding}
              data={choices}
              onChange={(event) => change(i, { finding: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("remove", { name: nameOf(point.finding) })}
              onClick={() => setEdit({ ...edit, points: removeAt(edit.points, i) })}
            >
              ×
            </ActionIcon>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why the miner ranks this sentence where it does, weightiest first; an educator's own choice has no reasons. */
function Reasons({ draft, point }: Pick<Props, "draft"> & { point: Point }) {
  const { t } = useTranslation("drafts");
  const same = draft.points.find(({ start, finding }) => start === point.start && finding === point.finding);
  if (!same?.reasons.length) return null;
  const words = same.reasons.map(({ says, points }) => t("reason", { says, points: (points > 0 ? "+" : "") + points }));
  return (
    <p className="quiet reasons" data-testid="point-reasons">
      {words.join(" · ")}
    </p>
  );
}

function PointImages({ draft, point, onShow }: Pick<Props, "draft" | "onShow"> & { point: Point }) {
  const { t } = useTranslation("drafts");
  const series = useMemo(() => seriesOf(draft.images), [draft.images]);
  if (!point.images?.length) return null;
  return (
    <span className="point-images">
      {point.images.map((image_id) => {
        const place = { image_id, frame: 1, x: 0, y: 0 };
        const slice = (locate(series, place)?.slice ?? 0) + 1;
        return (
          <button key={image_id} className="plain-button" onClick={() => onShow(place)} data-testid="point-image">
            {t("point_image", { slice })}
          </button>
        );
      })}
    </span>
  );
}

type WordingProps = { draft: Props["draft"]; point: Point; onChange: (wording: string) => void };

/** Asks for another wording; what comes is shown beside the report's words, and goes again at a press. */
function Wording({ draft, point, onChange }: WordingProps) {
  const { t } = useTranslation("drafts");
  const ask = useWording(draft.case_id);
  const [refused, setRefused] = useState("");
  if (!draft.may_reword && !point.wording) return null;
  const onAsk = () =>
    ask.mutate(
      { start: point.start, end: point.end },
      {
        onSuccess: (answer) => {
          setRefused(answer.refused ?? "");
          if (answer.wording) onChange(answer.wording);
        },
      },
    );
  return (
    <div className="wording">
      {point.wording && (
        <p data-testid="wording">
          <span className="quiet">{t("wording")}</span> {point.wording}{" "}
          <Button size="compact-xs" variant="subtle" onClick={() => onChange("")}>
            {t("wording_clear")}
          </Button>
        </p>
      )}
      {draft.may_reword && (
        <Button size="compact-xs" variant="subtle" onClick={onAsk} loading={ask.isPending} data-testid="reword">
          {t(point.wording ? "reword_again" : "reword")}
        </Button>
      )}
      <span role="status" className="quiet">
        {refused && t("wording_refused", { reason: refused })}
      </span>
      <ProblemLine error={ask.error} />
    </div>
  );
}
