/**
 * A client that speaks as PRET's pjl mode does (a04bd04): the same frames, and answers read by the same patterns.
 * Both are facts about a public tool; it is written from them and not from its code.
 */
import { connect, type Socket } from "node:net";
import { UEL } from "./visit.ts";

const EOL = "\r\n";

export class PretClient {
  readonly #socket: Socket;
  #received = "";
  #heard: () => void = () => {};
  #count = 47_000;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#received += chunk.toString("latin1");
      this.#heard();
    });
    socket.on("error", () => {});
  }

  /** Connects, and turns unsolicited status off as PRET does first. */
  static async open(port: number, from: string): Promise<PretClient> {
    const socket = connect({ port, host: "127.0.0.1", localAddress: from });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    const client = new PretClient(socket);
    client.tell("@PJL USTATUSOFF");
    return client;
  }

  /** Sends lines that it wants no answer to. */
  tell(...lines: readonly string[]): void {
    this.#write(`${UEL}${lines.join(EOL)}${EOL}${UEL}`);
  }

  /**
   * Asks, and gives the answer without its first line and its end. `binary`: as it came, without the last form feed;
   * `whole`: with its first line.
   */
  async ask(line: string, form?: "binary" | "whole"): Promise<string> {
    const token = `DELIMITER${this.#count++}`;
    this.#received = "";
    this.#write(`${UEL}${line}${EOL}@PJL ECHO ${token}${EOL}${EOL}${UEL}`);
    const end = new RegExp(`(@PJL ECHO\\s+)?${token}.*$`, "s");
    const received = (await this.#until(end)).replace(end, "");
    const answer = form === "whole" ? received : received.replace(/^\x04?(\x00+)?@PJL.*\r\n/, "");
    return form === "binary" ? answer.replace(/\x0c$/, "") : answer.replace(/\x0d+\x0a\x0c\x04?$/, "").trim();
  }

  /** Sets a variable, in service mode. */
  set(assignment: string): void {
    this.tell(
      "@PJL SET SERVICEMODE=HPBOISEID",
      `@PJL DEFAULT ${assignment}`,
      `@PJL SET ${assignment}`,
      "@PJL SET SERVICEMODE=EXIT",
    );
  }

  async printenv(name: string): Promise<string | undefined> {
    const lines = (await this.ask("@PJL INFO VARIABLES")).split(EOL);
    return lines.map((line) => new RegExp(`^(${name}.*)\\s+\\[`, "i").exec(line)?.[1]).find(Boolean);
  }

  /** Names with their sizes, directories without. */
  async list(path: string): Promise<Record<string, number | undefined>> {
    const found: Record<string, number | undefined> = {};
    for (const line of (await this.ask(`@PJL FSDIRLIST NAME="${path}" ENTRY=1 COUNT=65535`)).split(EOL)) {
      const directory = /^(.*)\s+TYPE\s*=\s*DIR$/.exec(line)?.[1];
      if (directory !== undefined && !/^\.{0,2}$/.test(directory)) found[directory] = undefined;
      const file = /^(.*)\s+TYPE\s*=\s*FILE/.exec(line)?.[1];
      const size = /FILE\s+SIZE\s*=\s*(\d*)/.exec(line)?.[1];
      if (file !== undefined && size !== undefined) found[file] = Number(size);
    }
    return found;
  }

  async isDirectory(path: string): Promise<boolean> {
    return /TYPE=DIR/.test(await this.ask(`@PJL FSQUERY NAME="${path}"`, "whole"));
  }

  /** Undefined where there is no such file. */
  async size(path: string): Promise<number | undefined> {
    const size = /TYPE\s*=\s*FILE\s+SIZE\s*=\s*(\d*)/.exec(await this.ask(`@PJL FSQUERY NAME="${path}"`, "whole"))?.[1];
    return size === undefined ? undefined : Number(size);
  }

  /** `data`: byte text. */
  put(path: string, data: string, command = "FSDOWNLOAD"): void {
    this.tell(`@PJL ${command} FORMAT:BINARY SIZE=${data.length} NAME="${path}"${EOL}${data}`);
  }

  async get(path: string): Promise<string> {
    return this.ask(`@PJL FSUPLOAD NAME="${path}" OFFSET=0 SIZE=${await this.size(path)}`, "binary");
  }

  /** Resolves when the printer has hung up. */
  async closed(): Promise<void> {
    if (!this.#socket.closed) await new Promise((resolve) => this.#socket.once("close", resolve));
  }

  close(): Promise<void> {
    this.#socket.end();
    return this.closed();
  }

  #write(text: string): void {
    this.#socket.write(Buffer.from(text, "latin1"));
  }

  #until(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why}, got ${JSON.stringify(this.#received)}`));
      const deadline = setTimeout(() => fail("timed out"), 10_000);
      this.#socket.once("close", () => fail("hung up"));
      this.#heard = () => {
        if (!pattern.test(this.#received)) return;
        clearTimeout(deadline);
        resolve(this.#received);
      };
      this.#heard();
    });
  }
}
