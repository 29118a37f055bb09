import { defineConfig } from "vitest/config";

const common = { environment: "node" as const, pool: "forks" as const };

export default defineConfig({
  test: {
    reporters: ["dot", "./test/support/reporter.ts"],
    globalSetup: ["test/support/build.ts"],
    // Tests wait more than they work: two files at a time, also on two cores.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: "fast",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["**/*.long.test.ts", "node_modules/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: "long",
          include: ["src/**/*.long.test.ts", "test/**/*.long.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
