import { useEffect, useRef } from "react";
import { Link } from "react-router";
import "./link-tabs.css";

export type LinkTab = { to: string; label: string; isHere: boolean };

/** Pages that belong together, as a row of links; on a phone the row scrolls to where one is. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  const list = useRef<HTMLUListElement>(null);
  const here = tabs.find(({ isHere }) => isHere)?.to;
  useEffect(() => {
    if (here === undefined) return;
    const current = list.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (current === null || current === undefined || list.current === null) return;
    list.current.scrollLeft = current.offsetLeft - list.current.offsetLeft - 16;
  }, [here]);
  return (
    <nav aria-label={label} className="no-print">
      <ul className="link-tabs" ref={list}>
        {tabs.map((tab) => (
          <li key={tab.to}>
            <Link to={tab.to} className="link-tab" aria-current={tab.isHere ? "page" : undefined}>
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
