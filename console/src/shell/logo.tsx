import type { ReactElement } from "react";

/** Weir's mark: water, level after level. The same drawing as favicon.svg. */
export function Logo({ size = 28 }: { readonly size?: number }): ReactElement {
  const wave = (y: number): string => `M6 ${y}c3.4-2.6 6.6-2.6 10 0s6.6 2.6 10 0`;
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b6b83" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d={wave(11.5)} />
        <path d={wave(17.5)} strokeOpacity=".72" />
        <path d={wave(23.5)} strokeOpacity=".44" />
      </g>
    </svg>
  );
}
