import { expect, it } from "vitest";
import { LIMITS } from "../../event/catalogue.ts";
import { parseLine } from "../pjl/parse.ts";
import { Claims } from "./claims.ts";

function claims(...lines: string[]): Claims {
  const claims = new Claims();
  for (const line of lines) claims.line(parseLine(line), line);
  return claims;
}

it("takes names from where drivers put them", () => {
  expect(claims('@PJL JOB NAME = "a b" DISPLAY="x"').get()).toEqual({ name: "a b" });
  expect(claims("@PJL JOBNAME=hplip_ann_12").get()).toEqual({ name: "hplip_ann_12" });
  expect(claims('@PJL SET JOBATTR="JobAcct1=ann"', '@PJL SET JOBATTR="JobAcct2=desk-7"').get()).toEqual({
    user: "ann",
  });
  // Broken quoting, as some drivers write it.
  expect(claims('@PJL SET JOBATTR="JobAcct7="report.odt"', '@PJL SET JOBATTR="JobAcct8="ann"').get()).toEqual({
    name: "report.odt",
    user: "ann",
  });
  expect(claims('@PJL COMMENT "Username: ann; App Filename: report; 12-13-2026"').get()).toEqual({
    name: "report",
    user: "ann",
  });
});

it("prefers what says it outright, in whatever order it comes", () => {
  const lines = ['@PJL SET USERNAME="ann"', '@PJL SET JOBATTR="JobAcct1=bob"', '@PJL COMMENT "Username: carl; "'];
  expect(claims(...lines).get().user).toBe("ann");
  expect(claims(...lines.toReversed()).get().user).toBe("ann");
});

it("claims nothing where nothing is said", () => {
  expect(claims('@PJL JOB NAME=""', '@PJL SET USERNAME=" "', "@PJL SET COPIES=2").get()).toEqual({});
});

it("keeps a bounded wrapper and gives each line once", () => {
  const many = claims(...Array.from({ length: 100 }, (_, i) => `@PJL COMMENT ${i} ${"x".repeat(2000)}`));
  const wrapper = many.takeWrapper();
  expect(wrapper).toHaveLength(LIMITS.wrapper);
  expect(wrapper[0]).toHaveLength(LIMITS.line);
  expect(many.takeWrapper()).toEqual([]);
});
