import type { OwnUsage, UsageQuery } from "@weir/gateway/contracts";
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** The reader's usage in a range, polled while the tab is visible and `paused` is false. */
export function useOwnUsage(query: UsageQuery, paused: boolean): UseQueryResult<OwnUsage> {
  const { api, pollMs } = useServices();
  return useQuery({
    queryKey: ["usage", query],
    queryFn: ({ signal }) => api.usage(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: paused ? false : pollMs,
  });
}
