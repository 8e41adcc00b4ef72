import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { previewOf } from "./preview";
import type { Series } from "./series";

type Props = { series: readonly Series[]; chosen: number; onChoose: (index: number) => void };

/** One thumbnail a series, shown where there are several. */
export function SeriesStrip({ series, chosen, onChoose }: Props) {
  const { t } = useTranslation("viewer");
  if (series.length < 2) return null;
  return (
    <nav className="viewer-strip" aria-label={t("series")}>
      {series.map((one, i) => (
        <UnstyledButton
          key={one.series_id}
          className="thumbnail"
          data-testid={`series-${i + 1}`}
          aria-label={t("series_button", { number: i + 1, count: one.slices.length })}
          aria-current={i === chosen ? "true" : undefined}
          onClick={() => onChoose(i)}
        >
          <img src={previewOf(one.slices[Math.floor(one.slices.length / 2)]!, 128)} alt="" loading="lazy" />
          <span>
            {i + 1} · {one.slices.length}
          </span>
        </UnstyledButton>
      ))}
    </nav>
  );
}
