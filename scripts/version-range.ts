type Version = [number, number, number];

const COMPARATOR = /([<>=^~]*)\s*([\d.*xX]+)/g;

/**
 * Does `version` (three numbers) lie in an `engines` range: alternatives of comparators, with carets,
 * tildes and wildcards? Pre-releases are not understood.
 * @throws Error for a range in another form
 */
export function isInRange(version: string, range: string): boolean {
  const wanted = parse(version);
  return range.split("||").some((alternative) => {
    if (alternative.replaceAll(COMPARATOR, "").trim() !== "")
      throw new Error(`unknown version range: ${range}`);
    return [...alternative.matchAll(COMPARATOR)].every(([, operator = "", bound = ""]) => {
      const rule = OPERATORS[operator];
      if (rule === undefined) throw new Error(`unknown version range: ${range}`);
      return rule(wanted, parse(bound), bound.match(/\d+/g)?.length ?? 0);
    });
  });
}

type Rule = (version: Version, bound: Version, given: number) => boolean;

const isWithin: Rule = (version, bound, given) =>
  version.slice(0, given).every((part, index) => part === bound[index]);

/** `given` counts the numbers that the bound spells out: 2 in "24.11". */
const OPERATORS: Partial<Record<string, Rule>> = {
  "": isWithin,
  "=": isWithin,
  ">": (version, bound) => compare(version, bound) > 0,
  ">=": (version, bound) => compare(version, bound) >= 0,
  "<": (version, bound) => compare(version, bound) < 0,
  "<=": (version, bound) => compare(version, bound) <= 0,
  "~": (version, bound, given) =>
    compare(version, bound) >= 0 && isWithin(version, bound, Math.min(2, given)),
  // Up to the first number that is not zero.
  "^": (version, bound) =>
    compare(version, bound) >= 0 &&
    isWithin(version, bound, 1 + bound.findIndex((part) => part > 0)),
};

function parse(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split(".").map((part) => Number(part) || 0);
  return [major, minor, patch];
}

function compare(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
