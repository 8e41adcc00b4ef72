import { useTranslation } from "react-i18next";
import type { ConfidenceBin } from "../api/types";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [380, 250, 40, 34];
const x = (percent: number) => LEFT + (percent / 100) * (WIDTH - LEFT - 12);
const y = (share: number) => 8 + (1 - share) * (HEIGHT - BOTTOM - 8);

/** Stated confidence against the share right; a dot's area follows its reads. */
export function Calibration({ bins }: { bins: readonly ConfidenceBin[] }) {
  const { t } = useTranslation("progress");
  const read = bins.filter((bin) => bin.reads > 0);
  if (!read.length) return <p className="quiet">{t("no_confidence")}</p>;
  const most = Math.max(...read.map((bin) => bin.reads));
  const said = read.map((bin) => t("calibration_point", bin)).join("; ");
  return (
    <svg
      className="calibration"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={said}
    >
      {[0, 25, 50, 75, 100].map((percent) => (
        <g key={percent}>
          <line className="grid" x1={x(0)} x2={x(100)} y1={y(percent / 100)} y2={y(percent / 100)} />
          <text x={LEFT - 8} y={y(percent / 100) + 4} textAnchor="end">
            {percent}
          </text>
          <text x={x(percent)} y={HEIGHT - BOTTOM + 16} textAnchor="middle">
            {percent}
          </text>
        </g>
      ))}
      <line className="ideal" x1={x(0)} y1={y(0)} x2={x(100)} y2={y(1)} />
      <polyline
        className="path"
        points={read.map((bin) => `${x((bin.from + bin.to) / 2)},${y(bin.right / bin.reads)}`).join(" ")}
      />
      {read.map((bin) => (
        <circle
          key={bin.from}
          cx={x((bin.from + bin.to) / 2)}
          cy={y(bin.right / bin.reads)}
          r={3 + 6 * Math.sqrt(bin.reads / most)}
        >
          <title>{t("calibration_point", bin)}</title>
        </circle>
      ))}
      <text x={(x(0) + x(100)) / 2} y={HEIGHT - 3} textAnchor="middle">
        {t("calibration_axis")} (%)
      </text>
    </svg>
  );
}
