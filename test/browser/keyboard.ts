import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** More stops than any page has; a trap never reaches what it is after. */
const MOST_STOPS = 150;

/** What the focus is drawn with has faded in by then, ms. */
const FADE_MS = 1_500;

/**
 * Somebody without a mouse: goes from control to control by Tab, and must see where they are. Nothing is
 * clicked, and nothing is given the focus but by keys.
 */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes on by Tab until the control has the focus, and sees that it has. */
  async reach(wanted: Locator): Promise<void> {
    await wanted.first().waitFor();
    await this.#skipMenu(wanted.first());
    // Is it there already, its look without the focus is seen by leaving it.
    const isHere = await hasFocus(wanted);
    if (isHere) await this.#page.keyboard.press("Tab");
    const before = await lookOf(wanted.first());
    if (isHere) await this.#page.keyboard.press("Shift+Tab");
    for (let stop = 0; !(await hasFocus(wanted)); stop += 1) {
      if (stop === MOST_STOPS) throw new Error(`${String(wanted)} cannot be reached by Tab`);
      await this.#page.keyboard.press("Tab");
    }
    await this.#seesFocus(wanted.first(), before);
  }

  /** On a page that was just opened, past the menu by the link that is there for it: as anybody does who types. */
  async #skipMenu(wanted: Locator): Promise<void> {
    const isBeyond = await wanted.evaluate(
      (control) => document.activeElement === document.body && control.closest("#page") !== null,
    );
    if (!isBeyond) return;
    await this.#page.keyboard.press("Tab");
    const link = this.#page.getByRole("link", { name: "Skip to the page" });
    if (await hasFocus(link)) await this.#page.keyboard.press("Enter");
  }

  /** It is drawn otherwise than without the focus; in a moment: colours may fade in. */
  async #seesFocus(control: Locator, before: string): Promise<void> {
    const look = () => lookOf(control);
    const isSeen = await expect
      .poll(look, { timeout: FADE_MS })
      .not.toBe(before)
      .then(
        () => true,
        () => false,
      );
    if (isSeen) return;
    // A dialog may have given it the focus before the first look: its look without is seen by leaving it.
    await this.#page.keyboard.press("Tab");
    const without = await look();
    await this.#page.keyboard.press("Shift+Tab");
    await expect.poll(look, { message: `${String(control)} shows no focus` }).not.toBe(without);
  }

  async press(wanted: Locator, key = "Enter"): Promise<void> {
    await this.reach(wanted);
    await this.#page.keyboard.press(key);
  }

  async type(wanted: Locator, text: string): Promise<void> {
    await this.reach(wanted);
    await this.#page.keyboard.press("ControlOrMeta+a");
    await this.#page.keyboard.type(text);
  }

  /** A list that opens by the arrow, and is gone through by it. */
  async choose(list: Locator, option: string | RegExp): Promise<void> {
    await this.reach(list);
    await this.#page.keyboard.press("ArrowDown");
    const wanted = this.#page.getByRole("option", { name: option }).first();
    await wanted.waitFor();
    for (let stop = 0; (await wanted.getAttribute("data-combobox-selected")) === null; stop += 1) {
      if (stop === MOST_STOPS) throw new Error(`${String(option)} cannot be reached by arrows`);
      await this.#page.keyboard.press("ArrowDown");
    }
    await this.#page.keyboard.press("Enter");
  }

  /** What a button opens; gone through by arrows, round and round. */
  async chooseInMenu(opener: Locator, item: string): Promise<void> {
    await this.press(opener);
    const wanted = this.#page.getByRole("menuitem", { name: item });
    await wanted.waitFor();
    // The menu takes the keys a moment after it is seen.
    await expect
      .poll(async () => {
        if (!(await hasFocus(wanted))) await this.#page.keyboard.press("ArrowDown");
        return await hasFocus(wanted);
      })
      .toBe(true);
    await this.#page.keyboard.press("Enter");
  }

  /** One of several: the group is one stop, its members are gone through by arrows. */
  async pick(member: Locator): Promise<void> {
    const group = this.#page.getByRole("radio").and(this.#page.locator(":focus"));
    const name = (await member.getAttribute("name")) ?? "";
    await this.reachAny(this.#page.locator(`input[type=radio][name="${name}"]`));
    for (let stop = 0; !(await member.isChecked()); stop += 1) {
      if (stop === MOST_STOPS) throw new Error(`${String(member)} cannot be reached by arrows`);
      await this.#page.keyboard.press("ArrowDown");
    }
    expect(await group.count()).toBe(1);
  }

  async reachAny(wanted: Locator): Promise<void> {
    await wanted.first().waitFor();
    for (let stop = 0; !(await hasFocus(wanted)); stop += 1) {
      if (stop === MOST_STOPS) throw new Error(`${String(wanted)} cannot be reached by Tab`);
      await this.#page.keyboard.press("Tab");
    }
  }

  /** After a dialog has closed: the focus is on a control of the page, and not lost to the document. */
  async isSomewhere(): Promise<void> {
    const lost = () => this.#page.evaluate("document.activeElement === document.body");
    await expect.poll(lost, { message: "the focus is lost" }).toBe(false);
  }
}

const hasFocus = async (wanted: Locator): Promise<boolean> =>
  await wanted.evaluateAll((all) => all.some((each) => each === document.activeElement));

/** How the control is drawn, with what its focus may be drawn around: its label, its frame. */
async function lookOf(wanted: Locator): Promise<string> {
  return await wanted.evaluate((control) => {
    const label = control instanceof HTMLInputElement ? control.labels?.[0] : undefined;
    const drawn = [control, control.parentElement, control.nextElementSibling, label];
    return JSON.stringify(
      drawn.map((element) => {
        if (element === null || element === undefined) return null;
        const { outline, boxShadow, borderColor, top } = getComputedStyle(element);
        return [outline, boxShadow, borderColor, top];
      }),
    );
  });
}
