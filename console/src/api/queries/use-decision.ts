import type { DecisionItem } from "@weir/gateway/contracts";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** One decision, by the id in a permalink. */
export function useDecision(id: string): UseQueryResult<DecisionItem> {
  const { api } = useServices();
  return useQuery({
    queryKey: ["decision", id],
    queryFn: ({ signal }) => api.decision(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
