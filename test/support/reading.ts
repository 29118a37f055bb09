/** What the job desk would say of a captured job, from its first bytes alone: for tests that judge and draw nothing. */
import type { Payload } from "../../src/event/catalogue.ts";

const DRIVERS =
  /%%(Creator|For|Title): |HP-PCL XL;|JobAcct|JOBATTR|RDYMSG DISPLAY|USER(NAME|ID)|HOST(LOGIN)?NAME|PRINTLOG|JOBNAME|JOB NAME|%RBI|%APL/i;

/** `head` is all there is of the job, as byte text. */
export function readingOf(captured: Payload<"job.captured">): Payload<"job.read"> {
  const { job, kind, sha256, bytes, language, head: text, wrapper, at } = captured;
  return {
    job,
    kind,
    sha256,
    bytes,
    status: "ok",
    why: "",
    languages: [language],
    pages: 1,
    words:
      Buffer.from(text, "latin1")
        .toString()
        .match(/[\p{L}\p{N}]+/gu)?.length ?? 0,
    text,
    driver: DRIVERS.test([text, ...wrapper].join("\n")),
    leads: [],
    at,
  };
}
