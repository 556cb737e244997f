import { Outlet } from "@tanstack/react-router";
import { Paper } from "@mantine/core";
import type { ReactElement } from "react";
import { isSignedOut } from "../api/problem-error.ts";
import { useMe } from "../api/queries/use-me.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SignInView } from "../views/sign-in/sign-in-view.tsx";
import { MeProvider } from "./me-context.ts";
import { Shell } from "./shell.tsx";
import { ShellSkeleton } from "./shell-skeleton.tsx";

/** Asks who is signed in, and shows the views to nobody else. */
export function Root(): ReactElement {
  const me = useMe();
  const retry = (): void => void me.refetch();
  if (isSignedOut(me.error)) return <SignInView onCheck={retry} checking={me.isFetching} />;
  if (me.data === undefined) {
    if (me.error === null) return <ShellSkeleton />;
    return (
      <main>
        <Paper maw={640} mx="auto" mt="12vh" radius="lg" withBorder bg="var(--weir-surface)">
          <ErrorPanel error={me.error} onRetry={retry} retrying={me.isFetching} />
        </Paper>
      </main>
    );
  }
  return (
    <MeProvider value={me.data}>
      <Shell>
        <Outlet />
      </Shell>
    </MeProvider>
  );
}
