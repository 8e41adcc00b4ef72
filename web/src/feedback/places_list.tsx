import { useTranslation } from "react-i18next";
import type { Feedback } from "../api/types";
import type { Place } from "../viewer/places";
import { provedPlaces } from "./shapes";

type Props = {
  feedback: Feedback;
  locate: (place: Place) => { series: number; slice: number };
  onShow: (place: Place) => void;
};

/** Where it lies and where the reader marked; pressing one brings it into view. */
export function Places({ feedback, locate, onShow }: Props) {
  const { t } = useTranslation("feedback");
  const { lesions, answer } = feedback;
  if (!lesions.length && !answer.marks.length) return null;
  return (
    <div>
      <h3 className="label">{t("places")}</h3>
      <ul className="places">
        {provedPlaces(lesions, locate).map(({ name, from, to, largest }) => (
          <li key={`${name}-${from}-${largest.image_id}-${largest.x}`}>
            <button className="plain-button" onClick={() => onShow({ ...largest })} data-testid="show-lesion">
              <span className="ring-sign" aria-hidden="true">
                ◌
              </span>{" "}
              {t(from === to ? "place" : "place_range", { name, from, to })} <span className="quiet">{t("ring")}</span>
            </button>
          </li>
        ))}
        {answer.marks.map((mark, i) => (
          <li key={`mark-${i}`}>
            <button className="plain-button" onClick={() => onShow({ ...mark })}>
              <span className="mark-sign" aria-hidden="true">
                ✛
              </span>{" "}
              {t("your_place", { number: i + 1, slice: locate(mark).slice + 1 })}{" "}
              <span className="quiet">{t("cross")}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
