/** Days that a key may live; a year is the most that the server gives. */
export const expiryPresets = ["30", "90", "180", "365"] as const;

export type ExpiryChoice = (typeof expiryPresets)[number] | "date";

/**
 * The end that is meant. The longest preset is null: the server's own default, which no clock that is
 * ahead can overshoot. A chosen day counts to its last second in the viewer's zone; undefined without one.
 */
export function expiryOf(choice: ExpiryChoice, date: string, now: Date): Date | null | undefined {
  if (choice === "365") return null;
  if (choice !== "date") return new Date(now.getTime() + Number(choice) * 86_400_000);
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? undefined : end;
}
