import { createContext, useContext, useEffect } from "react";

/** The product's name, for titles; empty while it is not known. */
export const ProductName = createContext("");

/** The browser's tab: "Page · Product", so that tabs and bookmarks of several services can be told apart. */
export function usePageTitle(title: string): void {
  const name = useContext(ProductName);
  useEffect(() => {
    document.title = name === "" || title.includes(name) ? title : `${title} · ${name}`;
  }, [title, name]);
}
