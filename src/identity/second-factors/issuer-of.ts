import type { Services } from "../../context.ts";

/** How we are called in authenticators: as the product is; without a name several installations must not look alike there. */
export const issuerOf = (
  { config }: Pick<Services, "config">,
  { name }: { name: string },
): string => (name === "" ? config.publicUrl.hostname : name);
