import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isSignedOut, ProblemError } from "./problem-error.ts";

const isWorthRetrying = (error: unknown): boolean =>
  error instanceof ProblemError && (error.problem.status === 0 || error.problem.status >= 500);

/** @param retries - how often a failed read is tried again by itself. */
export function createQueryClient(retries: number): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A session that ended while a view was open: ask who is signed in, which shows the way back.
        if (isSignedOut(error) && query.queryKey[0] !== "me") {
          void client.invalidateQueries({ queryKey: ["me"] });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        gcTime: 5 * 60_000,
        retry: (failures, error) => failures < retries && isWorthRetrying(error),
      },
    },
  });
  return client;
}
