import { type ReactElement, useId } from "react";
import {
  Bar,
  BarChart,
  type BarShapeProps,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import { StackSegment } from "./bar-shape.tsx";
import { BarTooltip } from "./bar-tooltip.tsx";
import type { ChartData, ChartRow } from "./chart-data.ts";
import { colorVariable } from "./palette.ts";
import classes from "./stacked-bars.module.css";

const tick = { fill: "var(--mantine-color-dimmed)", fontSize: 12 };
const initialSize = { width: 480, height: 250 };

const segmentOf = (hatchId: string) => (bar: BarShapeProps) => (
  <StackSegment bar={bar} hatchId={hatchId} />
);

const tooltipOf = (chart: ChartData) => (tooltip: TooltipContentProps) => (
  <BarTooltip chart={chart} tooltip={tooltip} />
);

/** Draws `chart` as bars, stacked where it has several series. Decides nothing. */
export function StackedBars({ chart }: { readonly chart: ChartData }): ReactElement {
  const hatchId = useId();
  return (
    <ResponsiveContainer initialDimension={initialSize} className={classes["chart"] ?? ""}>
      <BarChart
        data={[...chart.rows]}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
        barCategoryGap="22%"
        aria-label={`${chart.title}. ${chart.summary} Use the arrow keys to read single bars.`}
      >
        <defs>
          <pattern
            id={hatchId}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line y2="6" stroke="var(--weir-surface)" strokeWidth="3" strokeOpacity="0.75" />
          </pattern>
        </defs>
        <CartesianGrid vertical={false} stroke="var(--weir-border)" />
        <XAxis
          dataKey="label"
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: "var(--weir-border)" }}
          tickMargin={8}
          minTickGap={18}
          height={28}
        />
        <YAxis
          tick={tick}
          tickFormatter={chart.axisTick}
          tickLine={false}
          axisLine={false}
          width="auto"
        />
        <Tooltip
          cursor={{ fill: "var(--weir-hover)" }}
          isAnimationActive={false}
          content={tooltipOf(chart)}
        />
        {chart.series.map((each) => (
          <Bar
            key={each.key}
            name={each.label}
            dataKey={(row: ChartRow) => row.values[each.key] ?? null}
            stackId="stack"
            fill={colorVariable(each.color)}
            maxBarSize={44}
            isAnimationActive={false}
            shape={segmentOf(hatchId)}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
