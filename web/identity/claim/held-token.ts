/**
 * The claim's secret while its holder makes an account or signs in: in this page's memory alone, gone
 * with the tab. The link itself stays good until it is used.
 */
let held: string | null = null;

export const heldClaimToken = {
  keep(token: string): void {
    held = token;
  },
  read: (): string | null => held,
  forget(): void {
    held = null;
  },
};
