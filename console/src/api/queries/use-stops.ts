import type { OwnStops } from "@weir/gateway/contracts";
import {
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import type { LiftRequest, StopRequest } from "../client.ts";
import { useServices } from "../../services.ts";

const queryKey = ["stops"];

/** The stops that concern the reader; looked at again and again, for they come unannounced. */
export function useStops(): UseQueryResult<OwnStops> {
  const { api, pollMs } = useServices();
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => api.ownStops(signal),
    refetchInterval: pollMs,
  });
}

export interface StopChanges {
  readonly set: UseMutationResult<void, Error, StopRequest>;
  readonly lift: UseMutationResult<void, Error, LiftRequest>;
}

/** Sets and lifts stops, and reads them anew. */
export function useStopChanges(): StopChanges {
  const { api } = useServices();
  const client = useQueryClient();
  const onSettled = (): Promise<void> => client.invalidateQueries({ queryKey });
  return {
    set: useMutation({ mutationFn: api.setStop, onSettled }),
    lift: useMutation({ mutationFn: api.liftStop, onSettled }),
  };
}
