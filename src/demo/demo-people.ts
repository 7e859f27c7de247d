const FIREFOX_DEBIAN = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const FIREFOX_WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
const CHROME_WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const SAFARI_MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
export const SAFARI_IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

/**
 * The company's own network. The demo's addresses are those that RFC 2544 and RFC 5180 keep for tests of
 * networks: they are nobody's, and a whitelist does not warn of them, as it does of those for examples.
 */
const OFFICE = "198.18.2.44";

/** Everybody's. It stands here for all to read, which is why the demo answers on its own machine alone. */
export const DEMO_PASSWORD = "seven quiet herons by the canal";

export type DemoPersonName = keyof typeof demoPeople;

export type DemoPerson = {
  email: string;
  displayName: string;
  /** For whoever chooses whom to sign in as. */
  part: string;
  address: string;
  userAgent: string;
};

export const demoPeople = {
  anna: {
    email: "anna@example.test",
    displayName: "Anna Visser",
    part: "owner of Linden Cycles: begin here",
    address: OFFICE,
    userAgent: FIREFOX_DEBIAN,
  },
  ben: {
    email: "ben@example.test",
    displayName: "Ben Okafor",
    part: "the other owner",
    address: OFFICE,
    userAgent: SAFARI_MAC,
  },
  clara: {
    email: "clara@example.test",
    displayName: "Clara Jansen",
    part: "officer: sees all, shares nothing",
    address: "198.18.2.45",
    userAgent: FIREFOX_WINDOWS,
  },
  david: {
    email: "david@example.test",
    displayName: "David Kim",
    part: "staff: admin of the webshop",
    address: OFFICE,
    userAgent: CHROME_WINDOWS,
  },
  emma: {
    email: "emma@example.test",
    displayName: "Emma de Boer",
    part: "staff: prices",
    address: OFFICE,
    userAgent: CHROME_WINDOWS,
  },
  farid: {
    email: "farid@example.test",
    displayName: "Farid Haddad",
    part: "staff: figures",
    address: "2001:2:0:51:9::20",
    userAgent: FIREFOX_DEBIAN,
  },
  grace: {
    email: "grace@example.test",
    displayName: "Grace Lindqvist",
    part: "staff: support desk",
    address: OFFICE,
    userAgent: FIREFOX_WINDOWS,
  },
  hugo: {
    email: "hugo@example.test",
    displayName: "Hugo Martens",
    part: "left three weeks ago: an account without access",
    address: OFFICE,
    userAgent: CHROME_WINDOWS,
  },
  tomasz: {
    email: "tomasz@studio.example.com",
    displayName: "Tomasz Zieliński",
    part: "supplier, whose access ends next week",
    address: "198.19.20.130",
    userAgent: SAFARI_MAC,
  },
  ingrid: {
    email: "ingrid@parcels.example.com",
    displayName: "Ingrid Holm",
    part: "owner of another organisation, Parcel Point",
    address: "198.19.20.18",
    userAgent: SAFARI_MAC,
  },
  olga: {
    email: "olga@example.test",
    displayName: "Olga Berg",
    part: "operator of this installation",
    address: "198.18.10.5",
    userAgent: FIREFOX_DEBIAN,
  },
} as const satisfies Record<string, DemoPerson>;
