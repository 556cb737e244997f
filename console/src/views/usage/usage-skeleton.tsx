import { Skeleton } from "@mantine/core";
import type { ReactElement } from "react";
import classes from "./usage-figures.module.css";

const cards = ["spend", "requests", "denied", "errors", "latency", "first-byte"];

export function UsageSkeleton(): ReactElement {
  return (
    <div className={classes["figures"]}>
      <div className={classes["stats"]}>
        {cards.map((id) => (
          <Skeleton key={id} h={104} radius="lg" />
        ))}
      </div>
      <Skeleton h={160} radius="lg" />
      <div className={classes["charts"]}>
        <Skeleton h={380} radius="lg" />
        <Skeleton h={380} radius="lg" />
      </div>
    </div>
  );
}
