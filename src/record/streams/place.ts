/** Where an entry stands in the public log: the log's life, the leaf of its batch, and its place in the batch. */
export type Place = { epoch: number; leaf: number; position: number };

/** Below zero when `one` comes before `other`. */
export const comparePlaces = (one: Place, other: Place): number =>
  one.epoch - other.epoch || one.leaf - other.leaf || one.position - other.position;

/** Goes into names and headers: digits and dashes alone. */
export const placeText = ({ epoch, leaf, position }: Place): string =>
  `${epoch}-${leaf}-${position}`;

/** The entries from one place to before another. */
export type Span = { from: Place; to: Place };
