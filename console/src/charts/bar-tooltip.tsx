import { Fragment, type ReactElement } from "react";
import type { TooltipContentProps } from "recharts";
import type { ChartData, ChartRow } from "./chart-data.ts";
import { colorVariable } from "./palette.ts";
import classes from "./stacked-bars.module.css";

interface BarTooltipProps {
  readonly chart: ChartData;
  readonly tooltip: TooltipContentProps;
}

/** The exact figures of the bar under the pointer or the arrow keys, top of the stack first. */
export function BarTooltip({ chart, tooltip }: BarTooltipProps): ReactElement | null {
  const row: ChartRow | undefined = tooltip.payload[0]?.payload;
  if (!tooltip.active || row === undefined) return null;
  return (
    <div className={classes["tooltip"]}>
      <p>{row.longLabel}</p>
      <dl>
        {chart.series.toReversed().map((each) => (
          <Fragment key={each.key}>
            <span className={classes["swatch"]} style={{ background: colorVariable(each.color) }} />
            <dt>{each.label}</dt>
            <dd>{row.exact[each.key] ?? "no data"}</dd>
          </Fragment>
        ))}
        {row.exact["total"] === undefined ? null : (
          <dd className={classes["total"]}>{row.exact["total"]}</dd>
        )}
      </dl>
    </div>
  );
}
