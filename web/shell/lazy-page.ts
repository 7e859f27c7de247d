import type { ComponentType } from "react";
import { loadPart } from "./load-part.ts";

/** For `lazy` of a route: the page's file is fetched when the page is opened. */
export const lazyPage =
  <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  async (): Promise<{ Component: ComponentType }> => ({ Component: (await loadPart(load))[name] });
