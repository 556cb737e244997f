import { SegmentedControl, Skeleton } from "@mantine/core";
import { lazy, type ReactElement, Suspense, useState } from "react";
import { Card } from "../parts/card.tsx";
import type { ChartData } from "./chart-data.ts";
import classes from "./chart-card.module.css";
import { DataTableTwin } from "./data-table-twin.tsx";
import { colorVariable } from "./palette.ts";

const StackedBars = lazy(async () => ({
  default: (await import("./stacked-bars.tsx")).StackedBars,
}));

function Legend({ chart }: { readonly chart: ChartData }): ReactElement {
  return (
    <ul className={classes["legend"]}>
      {chart.series.map((each) => (
        <li key={each.key}>
          <span className={classes["swatch"]} style={{ background: colorVariable(each.color) }} />
          {each.label}
        </li>
      ))}
      {chart.rows.some((row) => row.incomplete) ? (
        <li>
          <span className={`${classes["swatch"]} ${classes["soFar"]}`} />
          Not over yet
        </li>
      ) : null}
    </ul>
  );
}

function Drawing({ chart }: { readonly chart: ChartData }): ReactElement {
  if (chart.isBlank) return <div className={classes["blank"]}>Nothing to draw in this range.</div>;
  return (
    <>
      <div className={classes["frame"]}>
        <Suspense fallback={<Skeleton h="100%" radius="md" />}>
          <StackedBars chart={chart} />
        </Suspense>
      </div>
      <Legend chart={chart} />
    </>
  );
}

/** A chart with its title, its summary in words, and its table one click away. */
export function ChartCard({ chart }: { readonly chart: ChartData }): ReactElement {
  const [shows, setShows] = useState<"chart" | "table">("chart");
  return (
    <Card
      title={chart.title}
      description={chart.summary}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={`${chart.title}: show as`}
          value={shows}
          onChange={(value) => setShows(value === "table" ? "table" : "chart")}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
        />
      }
    >
      {shows === "table" ? <DataTableTwin table={chart.table} /> : <Drawing chart={chart} />}
    </Card>
  );
}
