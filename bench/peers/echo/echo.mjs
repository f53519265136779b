// A TCP server that sends back what it gets, in Node.
import net from "node:net";

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on("data", (piece) => socket.write(piece));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(`ready 127.0.0.1:${server.address().port}`));
