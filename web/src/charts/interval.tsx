import type { Chance } from "../api/types";
import { percent } from "../shell/words";
import { scale } from "./scale";
import "./charts.css";

type Props = {
  chance: Chance;
  /** Right end of the axis, 0 to 1. */
  to?: number;
  width?: number;
  /** Drawn hollow: the value is there, but too little stands behind it. */
  faint?: boolean;
  format?: (value: number) => string;
};

/** A value with its interval on an axis from 0: a bar from low to high, a dot at the mean. */
export function Interval({ chance, to = 1, width = 220, faint = false, format = percent }: Props) {
  const x = scale(0, to, width - 12);
  const said = `${format(chance.mean)} (${format(chance.low)} – ${format(chance.high)})`;
  return (
    <svg
      className={faint ? "interval faint" : "interval"}
      width={width}
      height="18"
      viewBox={`-6 0 ${width} 18`}
      role="img"
      aria-label={said}
    >
      <line className="axis" x1="0" x2={width - 12} y1="9" y2="9" />
      {[0, 0.25, 0.5, 0.75, 1].map((part) => (
        <line key={part} className="tick" x1={part * (width - 12)} x2={part * (width - 12)} y1="5.5" y2="12.5" />
      ))}
      <rect
        className="range"
        x={x(chance.low)}
        width={Math.max(2, x(chance.high) - x(chance.low))}
        y="6"
        height="6"
        rx="3"
      />
      <circle className="mean" cx={x(chance.mean)} cy="9" r="4" />
    </svg>
  );
}

/** The same in words: "58 % (44–71 %)". */
export function IntervalText({ chance, format = percent }: Pick<Props, "chance" | "format">) {
  return (
    <span className="interval-text">
      {format(chance.mean)}{" "}
      <span className="quiet">
        ({format(chance.low).replace(" %", "")}–{format(chance.high)})
      </span>
    </span>
  );
}
