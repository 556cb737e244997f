/** Where a call spends its time in Weir; `forward` is mostly the provider's. */
export const stages = ["authenticate", "read_body", "authorize", "forward", "record"] as const;

export type Stage = (typeof stages)[number];
