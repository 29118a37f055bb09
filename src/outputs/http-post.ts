/** One HTTP request to an address that the operator configured: no redirect is followed, no proxy asked, little is read. */
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { NotTaken } from "./channel.ts";
import { plain } from "./text.ts";

export interface Post {
  url: URL;
  headers: Record<string, string>;
  body: string;
  /** Certificates to trust instead of the usual ones, PEM. */
  ca?: string | undefined;
}

const READ = 2048;
const SILENCE_MS = 15_000;

/** Resolves with status and the first line of the answer. Rejects with {@link NotTaken} on everything but 2xx. */
export function post({ url, headers, body, ca }: Post, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? tlsRequest : plainRequest;
    const bytes = Buffer.from(body, "utf8");
    const options = {
      method: "POST",
      headers: { ...headers, "Content-Length": bytes.length },
      agent: false as const,
      signal,
      timeout: SILENCE_MS,
      ...(ca === undefined ? {} : { ca }),
    };
    const sent = request(url, options, (response) => {
      let text = "";
      const done = () => {
        const { statusCode = 0, statusMessage = "", headers: said } = response;
        const first = plain(text.trim().split(/\r?\n/, 1)[0] ?? "", 160);
        const answer = [`${statusCode} ${plain(statusMessage, 60)}`.trim(), first].filter((part) => part).join(": ");
        if (statusCode >= 200 && statusCode < 300) resolve(answer);
        else reject(new NotTaken(refusal(statusCode, answer), retryAfter(said["retry-after"])));
        sent.destroy();
      };
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length >= READ) done();
      });
      response.on("end", done);
      response.on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", reject);
    sent.end(bytes);
  });
}

function refusal(status: number, answer: string): string {
  return status >= 300 && status < 400 ? `${answer} (redirects are not followed)` : answer;
}

/** `Retry-After` in seconds, as milliseconds. Dates are left out: the usual wait will do. */
function retryAfter(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}
