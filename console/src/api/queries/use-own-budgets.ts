import type { OwnBudgets } from "@weir/gateway/contracts";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** The limits that the reader's calls fall under, polled while `paused` is false. */
export function useOwnBudgets(paused: boolean): UseQueryResult<OwnBudgets> {
  const { api, pollMs } = useServices();
  return useQuery({
    queryKey: ["own-budgets"],
    queryFn: ({ signal }) => api.budgets(signal),
    refetchInterval: paused ? false : pollMs,
  });
}
