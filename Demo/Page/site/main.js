// Connects the page to the server: what comes in is shown, what is touched goes out.

import { Happening, Look, NetLoopClient, Overview, Seen, Vitals, Watch, Watching } from "./client.js";
import { Arena } from "./arena.js";
import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { Events } from "./events.js";
import * as format from "./format.js";

const element = (id) => document.getElementById(id);
const status = element("status");

function setStatus(state, text) {
  status.dataset.state = state;
  status.textContent = text;
}

function showNow(vitals) {
  element("now-sessions").textContent = format.count(vitals.sessions);
  element("now-messages").textContent = format.count(vitals.messagesIn + vitals.messagesOut);
  element("now-round-trip").textContent = format.time(vitals.roundTripMedian);
  element("now-busy").textContent = format.percent(vitals.busy);
  element("now-allocated").textContent = format.bytes(vitals.allocatedPerMessage);
  element("now-lost").textContent = format.count(vitals.lost);
}

const { webSocketPort } = await (await fetch("config.json")).json();
const scheme = location.protocol === "https:" ? "wss" : "ws";
const client = new NetLoopClient(`${scheme}://${location.hostname}:${webSocketPort}/`, { retry: [200, 5000] });
const events = new Events(element("events"));
const arena = new Arena(element("arena"), element("radius"), element("seen-count"), (look) => client.send(Look, look));
const controls = new Controls(client, element("controls"), element("controls-note"), {
  pauseShort: element("pause-short"),
  pauseLong: element("pause-long"),
  calm: element("calm"),
});
let charts = null;

client.on(Vitals, (vitals) => {
  showNow(vitals);
  charts?.add(vitals);
});
client.on(Overview, ({ positions }) => arena.showOverview(positions));
client.on(Seen, ({ entities }) => arena.showSeen(entities));
client.on(Happening, (happening) => events.add(happening));
client.onOpened = () => {
  setStatus("open", "live");
  client.request(Watch, Watching, {}).then((watching) => {
    arena.size = watching.worldSize;
    charts ??= new Charts(element("charts"), watching.tickRate);
    controls.begin(watching);
    arena.look();
  }, (error) => setStatus("open", error.message));
};
client.onClosed = ({ text, retryIn }) => {
  controls.end();
  charts?.break();
  if (retryIn === null) setStatus("closed", `closed: ${text}`);
  else setStatus("waiting", `reconnecting: ${text}`);
};
client.connect();
