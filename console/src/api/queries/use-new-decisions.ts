import type { DecisionFilter } from "@weir/gateway/contracts";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../../services.ts";
import { decisionPageSize } from "./use-decisions.ts";

export interface ListRead {
  /** Empty for an empty list. */
  readonly newestId: string;
  readonly readAtMs: number;
}

export interface NewDecisions {
  readonly count: number;
  /** More are new than one page holds. */
  readonly atLeast: boolean;
}

/**
 * How many decisions have come since the list was read. Polls while `since` is known.
 * @param since - the list on show; null before it is read.
 */
export function useNewDecisions(show: DecisionFilter, since: ListRead | null): NewDecisions {
  const { api, pollMs } = useServices();
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ["new-decisions", show],
    queryFn: ({ signal }) => api.decisions({ show, limit: decisionPageSize, cursor: null }, signal),
    enabled: since !== null,
    staleTime: pollMs,
    refetchInterval: pollMs,
  });
  // An answer older than the list knows nothing of what came after it.
  if (since === null || data === undefined || dataUpdatedAt <= since.readAtMs)
    return { count: 0, atLeast: false };
  const at = data.decisions.findIndex((each) => each.id === since.newestId);
  if (at !== -1) return { count: at, atLeast: false };
  return { count: data.decisions.length, atLeast: data.nextCursor !== null };
}
