import { expect, test } from "vitest";
import { signS3 } from "./sign-s3.ts";

/*
 * Examples of "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk (AWS
 * Signature Version 4)", Amazon S3 API Reference.
 */

const KEY = {
  region: "us-east-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const now = new Date("2013-05-24T00:00:00Z");
const HOST = "https://examplebucket.s3.amazonaws.com";

test.each([
  {
    name: "PUT of an object with a dollar in its name",
    request: {
      method: "PUT",
      url: new URL(`${HOST}/test%24file.text`),
      headers: {
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
      },
      body: Buffer.from("Welcome to Amazon S3."),
      now,
    },
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  {
    name: "GET of a part of an object",
    request: {
      method: "GET",
      url: new URL(`${HOST}/test.txt`),
      headers: { range: "bytes=0-9" },
      body: Buffer.alloc(0),
      now,
    },
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
])("AWS's own example is signed as AWS says: $name", ({ request, signature }) => {
  expect(signS3(request, KEY)["authorization"]).toMatch(new RegExp(`Signature=${signature}$`));
});
