import { byNamespace } from "./by-namespace.ts";

/** Every text of this language that anybody may need, by the name of its file. */
export const texts = byNamespace(
  import.meta.glob<object>(
    [
      "../../src/contract/texts/en/*.json",
      "!../../src/contract/texts/en/{branding,mailTexts,operator,strangerReports}.json",
    ],
    { eager: true, import: "default" },
  ),
);
