import { ActionIcon, NativeSelect } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Place } from "../viewer/places";
import { locate, seriesOf } from "../viewer/series";
import { changeLesion, removeAt } from "./edit";
import type { Shared } from "./report_points";

export function Lesions({ draft, edit, setEdit, nameOf, onShow }: Shared & { onShow: (place: Place) => void }) {
  const { t } = useTranslation("drafts");
  const series = useMemo(() => seriesOf(draft.images), [draft.images]);
  const choices = (own: string) =>
    [...new Set([own, ...edit.findings])].map((value) => ({ value, label: nameOf(value) }));
  return (
    <section aria-labelledby="lesions">
      <h2 id="lesions" className="label">
        {t("lesions")}
      </h2>
      <p className="quiet help">{t("lesions_help")}</p>
      <ul className="rows" data-testid="lesions">
        {edit.lesions.map((lesion, i) => (
          <li key={i}>
            <button className="plain-button row-text" onClick={() => onShow({ ...lesion })}>
              <span className="ring-sign" aria-hidden="true">
                ◌
              </span>{" "}
              {t("lesion_show", { number: i + 1, slice: (locate(series, lesion)?.slice ?? 0) + 1 })}{" "}
              <span className="quiet">{t("radius", { radius: Math.round(lesion.radius) })}</span>
            </button>
            <NativeSelect
              size="xs"
              aria-label={t("lesion_finding")}
              value={lesion.finding}
              data={choices(lesion.finding)}
              onChange={(event) => setEdit(changeLesion(edit, i, { finding: event.currentTarget.value }))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("remove", { name: t("lesion_name", { number: i + 1 }) })}
              onClick={() => setEdit({ ...edit, lesions: removeAt(edit.lesions, i) })}
            >
              ×
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}
