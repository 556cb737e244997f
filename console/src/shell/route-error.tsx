import { Paper } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { ErrorPanel } from "../parts/error-panel.tsx";

/** A view that threw: the shell stays, and the view can be tried again. */
export function RouteError({ error, reset }: ErrorComponentProps): ReactElement {
  return (
    <Paper withBorder radius="lg" bg="var(--weir-surface)">
      <ErrorPanel error={error} onRetry={reset} />
    </Paper>
  );
}
