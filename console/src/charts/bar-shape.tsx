import type { ReactElement } from "react";
import type { BarShapeProps } from "recharts";
import type { ChartRow } from "./chart-data.ts";

const gapPx = 1;

interface StackSegmentProps {
  readonly bar: BarShapeProps;
  readonly hatchId: string;
}

/** One segment of a stacked bar, a hair apart from its neighbours; hatched while it still grows. */
export function StackSegment({ bar, hatchId }: StackSegmentProps): ReactElement | null {
  const { x, y, width, height, fill } = bar;
  if (height <= 0 || width <= 0) return null;
  const row: ChartRow = bar.payload;
  const box = {
    x,
    y: height > 3 * gapPx ? y + gapPx / 2 : y,
    width,
    height: height > 3 * gapPx ? height - gapPx : height,
    rx: Math.min(1.5, height / 2),
  };
  if (!row.incomplete) return <rect {...box} fill={fill} />;
  return (
    <>
      <rect {...box} fill={fill} fillOpacity={0.35} />
      <rect {...box} fill={`url(#${hatchId})`} />
      <rect {...box} fill="none" stroke={fill} strokeWidth={1} strokeDasharray="3 2" />
    </>
  );
}
