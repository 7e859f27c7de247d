import { byNamespace } from "./by-namespace.ts";

/** The texts of the operator's pages. */
export const texts = byNamespace(
  import.meta.glob<object>(
    "../../src/contract/texts/en/{branding,mailTexts,operator,strangerReports}.json",
    { eager: true, import: "default" },
  ),
);
