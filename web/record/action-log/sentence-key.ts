import type { Action } from "../../../src/contract/actions.ts";
import type english from "../../../src/contract/texts/en/actions.json";
import type dutch from "../../../src/contract/texts/nl/actions.json";

type Joined<
  Text extends string,
  Mark extends string,
> = Text extends `${infer Head}${Mark}${infer Tail}`
  ? `${Head}${Capitalize<Joined<Tail, Mark>>}`
  : Text;

/** An action's name in texts/…/actions.json: `keyCreated` for `key.created`. */
export type SentenceKey = Joined<Joined<Action, ".">, "-">;

/** What was done, and the act that was tried. */
type Sentence = { done: string; act: string };
type Complete<Texts extends Record<SentenceKey, Sentence>> = Texts;

/** An action without its sentences, in either language, does not compile. @public for nobody: it is there to be checked. */
export type Sentences = Complete<typeof english> | Complete<typeof dutch>;

export function sentenceKeyOf(action: Action): SentenceKey {
  return action.replaceAll(/[.-](.)/g, (_dot, letter: string) =>
    letter.toUpperCase(),
  ) as SentenceKey;
}
