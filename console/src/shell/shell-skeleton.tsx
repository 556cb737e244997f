import { Skeleton, Stack } from "@mantine/core";
import type { ReactElement } from "react";
import { Logo } from "./logo.tsx";
import classes from "./shell.module.css";

/** The shell before it is known who is signed in. */
export function ShellSkeleton(): ReactElement {
  return (
    <main className={classes["shell"]} aria-label="Loading" aria-busy="true">
      <div className={classes["bar"]}>
        <span className={classes["brand"]}>
          <Logo /> Weir
        </span>
      </div>
      <div className={classes["content"]} style={{ width: "100%" }}>
        <Stack gap="md">
          <Skeleton h={32} w={180} />
          <Skeleton h={110} radius="lg" />
          <Skeleton h={320} radius="lg" />
        </Stack>
      </div>
    </main>
  );
}
