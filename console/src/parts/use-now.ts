import { useEffect, useState } from "react";
import { useServices } from "../services.ts";

/** The time, read again every `everyMs` while the component is on the page. */
export function useNow(everyMs: number): number {
  const { nowMs } = useServices();
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, nowMs]);
  return now;
}
