import type { DecisionFilter, DecisionPage } from "@weir/gateway/contracts";
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { useServices } from "../../services.ts";

export const decisionPageSize = 50;

/** The reader's decisions, newest first. Not polled: rows must not move under the pointer. */
export function useDecisions(
  show: DecisionFilter,
): UseInfiniteQueryResult<InfiniteData<DecisionPage>> {
  const { api } = useServices();
  return useInfiniteQuery({
    queryKey: ["decisions", show],
    queryFn: ({ signal, pageParam }) =>
      api.decisions({ show, limit: decisionPageSize, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });
}
