import { useRef } from "react";

/** So long a form that is sent again means the same instant, ms. */
const STEADY_MS = 10 * 60_000;

/**
 * Now, for what a form counts from it ("in a week"): tries within ten minutes count from the same instant, so that
 * one whose answer was lost can be sent again word for word.
 */
export function useSteadyNow(): () => Date {
  const first = useRef(0);
  return () => {
    const nowMs = Date.now();
    if (nowMs - first.current > STEADY_MS) first.current = nowMs;
    return new Date(first.current);
  };
}
