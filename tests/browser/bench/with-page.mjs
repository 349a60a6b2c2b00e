// A page in Chromium, of a server that counts the bytes that it sends.

import { serve } from "../../../build/serve.mjs";
import { answerSource, launch, PATIENCE_MS } from "../browser.mjs";
import { farHost } from "../far-host.mjs";

/** With `roundTripMs` the server seems that far away. */
export async function withPage({ webgpu, roundTripMs = 0, ...more }, measure) {
  const server = await serve({ answer: answerSource() });
  const host = roundTripMs > 0 ? await farHost(server.address().port, roundTripMs) : server;
  let sent = 0;
  const counted = new Map();
  server.on("connection", (socket) => {
    counted.set(socket, 0);
    socket.on("close", () => {
      sent += socket.bytesWritten;
      counted.delete(socket);
    });
  });
  const bytesSent = () => [...counted.keys()].reduce((sum, socket) => sum + socket.bytesWritten, sent);
  const browser = await launch({ webgpu });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await measure({ page, origin: `http://127.0.0.1:${host.address().port}`, bytesSent, browser, ...more });
  } finally {
    await browser.close();
    host.close();
    server.closeAllConnections();
    server.close();
  }
}
