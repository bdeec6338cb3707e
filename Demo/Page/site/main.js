// Connects the page to the server: shows what arrives, and sends what the visitor changes.

import { CloseReason, Happening, Links as LinksContract, Look, NetLoopClient, Overview, Seen, Vitals, Watch, Watching } from "./client.js";
import { Arena } from "./arena.js";
import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { Events } from "./events.js";
import { Links } from "./links.js";
import { Player } from "./player.js";
import { Status } from "./status.js";
import { Tiles } from "./tiles.js";
import { Timeline } from "./timeline.js";

const element = (id) => document.getElementById(id);
const { webSocketPort } = await (await fetch("config.json")).json();
const scheme = location.protocol === "https:" ? "wss" : "ws";
const url = `${scheme}://${location.hostname}:${webSocketPort}/`;
const client = new NetLoopClient(url, { retry: [200, 5000] });
const status = new Status(element("status"));
const timeline = new Timeline();
const events = new Events(element("events"), element("no-events"), element("worst"), timeline);
const links = new Links(element("links"), element("no-links"), ["tcp", "ws", "udp"].map((name) => element(`count-${name}`)));
const arena = new Arena(element("arena"), element("radius"), element("seen-count"), (look) => client.send(Look, look));
arena.onPoint = (id, transport) => {
  element("pointed").hidden = id === null;
  element("counts").hidden = id !== null;
  element("pointed").textContent = id === null ? "" : links.describe(id, transport);
};
const player = new Player(url, arena, element("join"), element("player"), element("arena-hint"));
const controls = new Controls(client, element("controls"), element("presets"), element("look"));
let tiles = null;
let charts = null;

function begin(watching) {
  arena.size = watching.worldSize;
  timeline.begin(watching.history);
  tiles ??= new Tiles(element, watching.tickRate);
  charts ??= new Charts(element("key-charts"), element("charts"), timeline, watching.tickRate);
  events.begin(watching.happenings);
  events.onPoint = (at) => charts.cursor.show(at);
  controls.begin(watching);
  player.button.disabled = false;
  arena.look();
  charts.refresh();
}

client.on(Vitals, (vitals) => {
  if (charts === null || !timeline.add(vitals)) return;
  tiles.show(vitals);
  links.count(vitals);
  charts.refresh();
});
client.on(Overview, ({ positions }) => arena.showOverview(positions));
client.on(Seen, ({ entities, transports }) => arena.showSeen(entities, transports));
client.on(LinksContract, (seen) => links.show(seen));
client.on(Happening, (happening) => {
  if (charts !== null) events.add(happening);
});
client.onOpened = () => {
  status.show("open", "live");
  client.request(Watch, Watching, {}).then(begin, (error) => status.show("open", error.message));
};
client.onClosed = ({ reason, text, retryIn }) => {
  controls.end();
  if (player.client === null) player.button.disabled = true;
  if (reason === CloseReason.VersionMismatch) status.show("closed", "The server has another version: reload this page");
  else if (retryIn === null) status.show("closed", `Closed: ${text}`);
  else status.countDown("Server is gone", retryIn);
};
client.connect();
