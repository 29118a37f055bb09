/** The smallest persona that loads, written into a folder of its own, and the means to spoil it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const FILES: Record<string, string> = {
  "published-values.yaml": `- { value: "AB:CD:EF:00:00:01", what: hardware address, seen: here }
- { value: ZZ100001, what: serial, seen: here }
`,
  "personas/tiny/persona.yaml": `id: tiny
name: Tiny Printer
about: The smallest persona that loads.
status: stable
sources:
  book: { title: A book, where: a shelf, read: 2026-01-01 }
identity:
  source: book
  serial: ZZ######
  macPrefixes: ["ABCDEF"]
  hostName: TINY{mac6}
  numbers: { board: "@###" }
  pageCount: [1, 1000]
  uptimeDays: [1, 2]
  except:
    pageCount: { assumed: true }
facts:
  source: book
  values:
    model: Tiny Printer
panel:
  assumed: true
  ready: { code: 10001, display: Ready }
  processing: { code: 10023, display: Busy }
  displayWidth: 8
supplies:
  assumed: true
  toner: { pages: 100, coverage: [5, 5], lowPercent: 10, serial: "####" }
raw:
  assumed: true
  port: 9100
  idleSeconds: 1
  connectionsPerSource: 1
`,
  "personas/tiny/pjl.yaml": `pjl:
  source: book
  lineEnd: crlf
  unknownInfo: silent
  unknownVariable: silent
  quoteStrings: false
  languages: [PCL]
  commands: [INFO]
  info:
    ID:
      reply: |
        "{model}"
  generated: [VARIABLES]
  ustatus: []
  variables:
    - { name: COPIES, value: "1", kind: range, values: ["1", "9"] }
    - { name: PAPER, value: A4, kind: enumerated, values: [A4, A5], assumed: true }
`,
  "personas/tiny/web.yaml": `sources:
  page: { title: A page, where: a site, read: 2026-01-01 }
web:
  source: page
  port: 80
  idleSeconds: 1
  connectionsPerSource: 1
  requestsPerConnection: 1
  framing: length
  lenient: []
  methods: { GET: page, "*": "501" }
  headers:
    - [Content-Length, "{length}"]
  pages:
    - { path: /, file: start.html, type: text/html }
  answers:
    "400": { reason: Bad Request, headers: [] }
    "404": { reason: Not Found, headers: [] }
    "413": { reason: Request Entity Too Large, headers: [] }
    "501": { reason: Not Implemented, headers: [] }
    "505": { reason: HTTP Version Not Supported, headers: [] }
`,
  "personas/tiny/web/start.html": `<html>
<title>{model}</title>
<style>p {{ margin: 0 }}</style>
<p>{serial}</p>
</html>
`,
  "personas/tiny/probes.yaml": `probes:
  - name: INFO ID
    service: raw
    ask: "@PJL INFO ID\\r\\n"
    expect: "@PJL INFO ID\\r\\n\\"{model}\\"\\r\\n\\f"
    source: book
`,
};

export class TinyPersona {
  readonly #root = mkdtempSync(join(tmpdir(), "inktrap-persona-"));
  /** The folder of personas, to load from. */
  readonly dir = join(this.#root, "personas");

  constructor() {
    this.reset();
  }

  /** All files as they were. */
  reset(): void {
    rmSync(this.#root, { recursive: true, force: true });
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(this.#root, name)), { recursive: true });
      writeFileSync(join(this.#root, name), text);
    }
  }

  /** Replaces the first `old` in a file of the persona, and gives the line it stood on. */
  change(file: string, old: string, text: string): number {
    const path = join(this.dir, "tiny", file);
    const whole = readFileSync(path, "utf8");
    const at = whole.indexOf(old);
    if (at < 0) throw new Error(`${file} has no ${old}`);
    writeFileSync(path, whole.slice(0, at) + text + whole.slice(at + old.length));
    return whole.slice(0, at).split("\n").length;
  }

  /** Removes a file of the persona. */
  remove(file: string): void {
    rmSync(join(this.dir, "tiny", file));
  }

  delete(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
