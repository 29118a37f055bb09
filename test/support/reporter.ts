/**
 * Closes a test run with what was skipped, by name, and a last line `N passed, N failed, N skipped`.
 * Where CI is set nothing may be skipped: the machine lacks what .ci/packages lists.
 */
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLines implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "pending") continue;
        count[state]++;
        if (state === "skipped") skipped.push(test.fullName);
      }
    }
    if (skipped.length > 0) console.log(`\nSkipped, as this machine lacks what they need:\n  ${skipped.join("\n  ")}`);
    if (skipped.length > 0 && process.env["CI"]) {
      console.log("In CI no test may be skipped: install the Debian packages listed in .ci/packages.");
      process.exitCode = 1;
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
