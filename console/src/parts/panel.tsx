import { Button, Paper } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import { ErrorPanel } from "./error-panel.tsx";
import { Notice } from "./notice.tsx";
import { describeError } from "./problem-words.ts";

/** The part of a TanStack query that a panel needs. */
export interface PanelQuery<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

interface PanelProps<Data> {
  readonly query: PanelQuery<Data>;
  /** Has the shape of the content, so that nothing jumps. */
  readonly skeleton: ReactNode;
  /** What to show instead of the content when there is none; null when there is some. */
  readonly renderEmpty?: (data: Data) => ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/**
 * The one place that knows loading, error, empty and content. Data that was read before stays on
 * show when a later read fails, under a warning.
 */
export function Panel<Data>({
  query,
  skeleton,
  renderEmpty,
  children,
}: PanelProps<Data>): ReactElement {
  const { data, error } = query;
  const retry = (): void => void query.refetch();
  if (data === undefined) {
    if (error === null) {
      return (
        <section aria-label="Loading" aria-busy="true">
          {skeleton}
        </section>
      );
    }
    return (
      <Paper withBorder radius="lg" bg="var(--weir-surface)">
        <ErrorPanel error={error} onRetry={retry} retrying={query.isFetching} />
      </Paper>
    );
  }
  const stale = error === null ? null : describeError(error);
  return (
    <>
      {stale === null ? null : (
        <Notice
          tone="warning"
          role="alert"
          title="These figures are not up to date."
          action={
            <Button variant="default" size="compact-sm" onClick={retry} loading={query.isFetching}>
              Retry
            </Button>
          }
        >
          {stale.title}. {stale.requestId === "" ? "" : `Request ${stale.requestId}.`}
        </Notice>
      )}
      {renderEmpty?.(data) ?? children(data)}
    </>
  );
}
