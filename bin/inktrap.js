#!/usr/bin/env node
import { build } from "./build.js";

if (!build()) process.exit(1);
const { main } = await import("../dist/cli/main.js");
process.exitCode = await main(process.argv.slice(2));
