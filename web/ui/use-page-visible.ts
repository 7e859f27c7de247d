import { useEffect, useState } from "react";

/** Whether anybody can see the page: what comes live waits until they do. */
export function usePageVisible(): boolean {
  const [isVisible, setVisible] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const tell = () => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, []);
  return isVisible;
}
