import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import type { DeviceDecision, DeviceRequest } from "@weir/gateway/contracts";
import { useServices } from "../../services.ts";

/** What waits with a code. A change of nothing, and yet no query: wrong codes are counted. */
export function useFindDevice(): UseMutationResult<DeviceRequest, Error, string> {
  const { api } = useServices();
  return useMutation({ mutationFn: (userCode) => api.findDevice(userCode) });
}

export function useDecideDevice(): UseMutationResult<void, Error, DeviceDecision> {
  const { api } = useServices();
  return useMutation({ mutationFn: (decision) => api.decideDevice(decision) });
}
