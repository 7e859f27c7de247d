import { useEffect } from "react";

/**
 * Where the control that had the focus is gone, with its dialog, its row or its page, the focus goes to the
 * page. Left to itself it would be nowhere: a screen reader says nothing, and Tab begins at the top.
 *
 * @param id of what takes the focus.
 */
export function useKeptFocus(id: string): void {
  useEffect(() => {
    let last: Element | null = null;
    const onFocus = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : null;
    };
    // Who points is where they point.
    const onPoint = () => {
      last = null;
    };
    const watcher = new MutationObserver(() => {
      if (last === null || last.isConnected || document.activeElement !== document.body) return;
      last = null;
      document.querySelector<HTMLElement>(`#${id}`)?.focus({ preventScroll: true });
    });
    watcher.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", onFocus);
    document.addEventListener("pointerdown", onPoint);
    return () => {
      watcher.disconnect();
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("pointerdown", onPoint);
    };
  }, [id]);
}
