/** The command line: what can be said, and how errors are told. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { VERSION } from "../util/package.ts";
import { problemLine, Problems } from "../util/problem.ts";

const program = new Command("inktrap")
  .description("Printer threat monitoring: answers as a real printer, keeps every byte, says who came and why.")
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError("(inktrap --help tells more)");

interface Common {
  data: string;
  config?: string;
  json?: boolean;
}

interface Narrow {
  since?: string;
  until?: string;
  source?: string;
  case?: string;
}

/** A command with the options that all have. Its code is loaded when it is used. */
function command(name: string, about: string, data = "./inktrap-data"): Command {
  return program
    .command(name)
    .description(about)
    .option("--data <folder>", "where evidence and verdicts lie", data)
    .option("--config <file>", "configuration file")
    .option("--json", "machine-readable output with stable names, times in UTC")
    .hook("preAction", async (_, action) => {
      const { DataFolder } = await import("./data-folder.ts");
      // On standard error, so that a capture or JSON on standard output stays what it is.
      if (await new DataFolder(action.opts<Common>().data).isDemo()) process.stderr.write(`${DEMONSTRATION}\n`);
    });
}

const DEMONSTRATION = "DEMONSTRATION data: every visit in it is invented.";

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value === Infinity) throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

command("start", "Be a printer, and watch who comes")
  .option("--persona <id>", "model to be (see inktrap personas)")
  .option("--listen <address>", "address to listen on; may be given several times", (text, all: string[] = []) => [
    ...all,
    text,
  ])
  .option("--port-offset <n>", "added to every real port; 0 insists on the real ports", integer)
  .action(async (options: Common & { persona?: string; listen?: string[]; portOffset?: number }) => {
    await (await import("./commands/start.ts")).start(options);
  });

command("cases", "List the cases, gravest and newest first")
  .addOption(new Option("--intent <intent>", "only cases with this intent"))
  .option("--source <address>", "only cases of this source")
  .option("--own", "also cases of your own networks")
  .option("--limit <n>", "at most so many", integer, 100)
  .action(async (options: Common & { intent?: string; source?: string; own?: boolean; limit: number }) => {
    await (await import("./commands/cases.ts")).cases(options);
  });

command("show", "Show one case (C-1), session (S-4) or job (J-2)")
  .argument("<id>")
  .action(async (id: string, options: Common) => {
    await (await import("./commands/show.ts")).show(id, options);
  });

command("jobs", "List the captured jobs, newest first")
  .option("--limit <n>", "at most so many", integer, 100)
  .action(async (options: Common & { limit: number }) => {
    await (await import("./commands/jobs.ts")).jobs(options);
  });

command("job", "Tell what a print job is and says: a captured one (J-2) or one in a file")
  .argument("<id or file>")
  .action(async (what: string, options: Common) => {
    await (await import("./commands/job.ts")).job(what, options);
  });

command("render", "Draw the pages of a print job that lies in a file")
  .argument("<file>")
  .requiredOption("-o, --output <folder>", "where pages, their words and the reading are written")
  .action(async (file: string, options: Common & { output: string }) => {
    await (await import("./commands/render.ts")).render(file, options);
  });

command("events", "List events as they were recorded")
  .option("--follow", "go on with what comes")
  .option("--type <type>", "only events of this type")
  .option("--limit <n>", "so many of the latest", integer, 50)
  .action(async (options: Common & { follow?: boolean; type?: string; limit: number }) => {
    await (await import("./commands/events.ts")).events(options);
  });

command("pcap", "Write a session (S-4) or all of a case (C-1) as a packet capture")
  .argument("<id>")
  .option("-o, --output <file>", "where to write, - for standard output; <id>.pcap without it")
  .action(async (id: string, options: Common & { output?: string }) => {
    await (await import("./commands/pcap.ts")).pcap(id, options);
  });

command("replay", "Send a session (S-4) again and compare what comes back")
  .argument("<id>")
  .requiredOption("--to <host:port>", "where to send it")
  .option("--allow-remote", "also to another machine than this one")
  .option("--speed <n>", "so many times as fast as it was", factor, 1)
  .action(async (id: string, options: Common & { to: string; allowRemote?: boolean; speed: number }) => {
    await (await import("./commands/replay.ts")).replay(id, options);
  });

command("status", "Is it working? The exit code says it too").action(async (options: Common) => {
  await (await import("./commands/status.ts")).status(options);
});

command("export", "Write events, cases, jobs and conversations into a folder, with a list of what it holds")
  .requiredOption("-o, --output <folder>", "a folder that is new or empty")
  .option("--since <time>", "only what came then or later, such as 2026-11-16 or 2026-11-16T09:00Z")
  .option("--until <time>", "only what came before")
  .option("--source <address>", "only of this source")
  .option("--case <id>", "only of this case")
  .action(async (options: Common & Narrow & { output: string }) => {
    await (await import("./commands/export.ts")).exportAll(options);
  });

command("forget", "Remove everything of a source, case (C-1), session (S-4) or job (J-2) for good")
  .argument("<what>")
  .option("--yes", "without asking")
  .action(async (what: string, options: Common & { yes?: boolean }) => {
    await (await import("./commands/forget.ts")).forget(what, options);
  });

command("personas", "List the models that Inktrap can be").action(async (options: Common) => {
  (await import("./commands/personas.ts")).personas(options);
});

command("alerts", "Tell what was alerted and what waits; `alerts test` sends a test to each channel")
  .addArgument(new Argument("[test]").choices(["test"]))
  .argument("[channel]", "only this one")
  .action(async (action: "test" | undefined, channel: string | undefined, options: Common) => {
    await (await import("./commands/alerts.ts")).alerts(options, action, channel);
  });

command("user", "List the console's accounts; make or change one")
  .argument("[name]")
  .option("--role <role>", "viewer, analyst or admin")
  .option("--link", "make a new one-time link, for who lost the password")
  .option("--disable", "let the account in no more")
  .option("--enable", "let it in again")
  .action(
    async (
      name: string | undefined,
      options: Common & { role?: string; link?: boolean; disable?: boolean; enable?: boolean },
    ) => {
      await (await import("./commands/user.ts")).user(name, options);
    },
  );

command("demo", "Play a week of invented visits into a folder of its own, to look at", "./inktrap-demo")
  .option("--once", "end when everything is played")
  .action(async (options: Common & { once?: boolean }) => {
    await (await import("./commands/demo.ts")).demo(options);
  });

command("check", "Check configuration, personas, rules and data folder").action(async (options: Common) => {
  await (await import("./commands/check.ts")).check(options);
});

/** A reader that has seen enough, such as head, is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** Runs what the arguments say. Resolves with the exit code: 0, 1 for problems, 2 for words that are off. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Problems)) throw error;
    for (const problem of error.list) process.stderr.write(`${problemLine(problem)}\n`);
    return 1;
  }
}
