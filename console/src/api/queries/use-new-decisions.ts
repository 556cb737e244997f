import type { DecisionFilter } from "@weir/gateway/contracts";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../../services.ts";
import { decisionPageSize } from "./use-decisions.ts";

export interface NewDecisions {
  readonly count: number;
  /** More are new than one page holds. */
  readonly atLeast: boolean;
}

/**
 * How many decisions have come since the list was read. Polls while `since` is known.
 * @param since - id of the newest decision on show; empty for an empty list; null before it is read.
 */
export function useNewDecisions(show: DecisionFilter, since: string | null): NewDecisions {
  const { api, pollMs } = useServices();
  const { data } = useQuery({
    queryKey: ["new-decisions", show],
    queryFn: ({ signal }) => api.decisions({ show, limit: decisionPageSize, cursor: null }, signal),
    enabled: since !== null,
    initialData: undefined,
    staleTime: pollMs,
    refetchInterval: pollMs,
  });
  if (since === null || data === undefined) return { count: 0, atLeast: false };
  const at = data.decisions.findIndex((each) => each.id === since);
  if (at !== -1) return { count: at, atLeast: false };
  return { count: data.decisions.length, atLeast: data.nextCursor !== null };
}
