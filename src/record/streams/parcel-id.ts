import { placeText, type Span } from "./place.ts";

/** What a parcel is called at each try; no dot, which Standard Webhooks puts between id, time and body. */
export const parcelId = (streamId: string, { from, to }: Span): string =>
  `log_${streamId}_${placeText(from)}_${placeText(to)}`;
