import type { LedgerReport } from "@weir/gateway/contracts";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** How far the ledger is behind the calls, and the log that proves it; asked for again while the page is open. */
export function useLedgerStatus(): UseQueryResult<LedgerReport> {
  const { api, pollMs } = useServices();
  return useQuery({
    queryKey: ["ledger-status"],
    queryFn: ({ signal }) => api.ledgerStatus(signal),
    refetchInterval: pollMs,
  });
}
