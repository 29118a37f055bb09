/** The yardstick: a server that only answers, on node:net. Prints its port; ends with its standard input. */
import { createServer } from "node:net";

const ANSWER = Buffer.from(`@PJL INFO PRODINFO\r\n${"ProductName = a bare server\r\n".repeat(16)}\f`, "latin1");

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.setNoDelay(true);
  socket.once("data", () => socket.write(ANSWER));
  socket.on("end", () => socket.end());
  socket.on("error", () => {});
});
server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
