/** The section `alerts` of the configuration. */
import { z } from "zod";
import { INTENT_ORDER, LEVELS } from "../detect/intent.ts";
import { channelSettings } from "./channels.ts";
import { ignoreSettings } from "./ignore.ts";
import { quietSettings } from "./quiet.ts";

const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\/[^\s?#]+$/.test(text) && URL.canParse(text),
    "expected an address such as https://inktrap.office.example",
  );

export const alertSettings = z.strictObject({
  intent: z.enum(INTENT_ORDER).default("spam").describe("cases with this intent and graver ones"),
  level: z.enum(LEVELS).default("likely").describe("verdicts that are this sure and surer"),
  perHour: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(10)
    .describe("messages in an hour; what comes on top is one digest"),
  digestAfter: z
    .number()
    .min(0)
    .max(3600)
    .default(300)
    .describe("seconds from the first alert of a digest to the digest; never two in an hour"),
  quiet: quietSettings.optional().describe("hours without messages; a digest follows"),
  console: httpUrl
    .transform((text) => text.replace(/\/+$/, ""))
    .optional()
    .describe("address of the console, for links"),
  ignore: z.array(ignoreSettings).max(1000).default([]).describe("no alerts for these; recorded all the same"),
  channels: z
    .array(channelSettings)
    .max(20)
    .default([])
    .check(({ value, issues }) => {
      value.forEach(({ name }, i) => {
        if (value.findIndex((other) => other.name === name) === i) return;
        issues.push({ code: "custom", input: name, path: [i, "name"], message: `"${name}" is there twice` });
      });
    })
    .describe("where alerts go, see below"),
});

export type AlertSettings = z.output<typeof alertSettings>;
