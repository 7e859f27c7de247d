import { byNamespace } from "./by-namespace.ts";

/** Every text of this language, by the name of its file. */
export const texts = byNamespace(
  import.meta.glob<object>("../../src/contract/texts/nl/*.json", {
    eager: true,
    import: "default",
  }),
);
