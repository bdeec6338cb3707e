// Node's ws, or the WHATWG WebSocket of undici, as client or echo server.
//   node ws_peer.cjs MODULES ws|undici URL     sends COUNT messages of mixed sizes and compares what comes back
//   node ws_peer.cjs MODULES ws server         prints its port and sends everything back
const path = require('node:path');
const [modules, library, where] = process.argv.slice(2);
const COUNT = 10_000;
const WINDOW = 32;
const BORDERS = [1, 2, 124, 125, 126, 127, 128, 1000, 4096, 16384, 65535, 65536];
const sizeOf = i => (i % 50 === 0 ? BORDERS[(i / 50) % BORDERS.length] : 1 + ((i * 37) % 400));
const source = Buffer.alloc(65536 + 256, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));
const messageOf = i => source.subarray(i % 251, (i % 251) + sizeOf(i));
const { WebSocket, WebSocketServer } = require(path.join(modules, library));

if (where === 'server') {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => console.log(`port ${server.address().port}`));
  server.on('connection', socket => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
} else {
  const socket = new WebSocket(where);
  socket.binaryType = 'arraybuffer';
  let sent = 0;
  let received = 0;
  const fill = () => {
    while (sent < COUNT && sent - received < WINDOW) socket.send(messageOf(sent++));
  };
  const fail = text => { console.log(text); process.exit(1); };
  socket.addEventListener('open', fill);
  socket.addEventListener('message', event => {
    if (!Buffer.from(event.data).equals(messageOf(received))) fail(`message ${received} came back changed`);
    received++;
    if (received === COUNT) socket.close(4321, 'done');
    fill();
  });
  socket.addEventListener('error', event => fail(`error: ${event.message ?? event.error}`));
  socket.addEventListener('close', event => {
    console.log(`received ${received}, closed ${event.code} ${event.wasClean ? 'clean' : 'unclean'}`);
    process.exit(0);
  });
}
