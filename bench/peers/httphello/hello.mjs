// Answers every HTTP request with a short text, in Node.
import http from "node:http";

const server = http.createServer((request, response) => response.end("Hello, World!\n"));
server.listen(0, "127.0.0.1", () => console.log(`ready 127.0.0.1:${server.address().port}`));
