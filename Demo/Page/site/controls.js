// Buttons and sliders that put load on the server, with a forecast of the effect.

import { Controls as ControlsContract, PauseLoop } from "./client.js";

const sendPause = 120;
const pointOutTime = 8000;

const sliders = [
  { key: "bots", label: "bots", unit: "", least: 0, step: 10, what: "Clients that check every message. Ticks get longer." },
  { key: "rate", label: "messages/s per bot", unit: "", least: 1, step: 1, what: "Messages in and busy time grow; the round trip does not." },
  { key: "handlerMicroseconds", label: "steering handler cost", unit: " µs", least: 0, step: 5, what: "Burns CPU on the loop's thread, until ticks slip." },
  { key: "slowReaders", label: "slow readers", unit: "", least: 0, step: 1, what: "They ask for data and never read: disconnected at 256 KiB." },
  { key: "garbageSenders", label: "garbage senders", unit: "", least: 0, step: 1, what: "Random bytes: disconnected at the first wrong frame." },
  { key: "lossPercent", label: "packet loss, UDP", unit: "%", least: 0, step: 1, what: "Lost messages are sent again, lost snapshots skipped." },
  { key: "latencyMilliseconds", label: "latency, UDP", unit: " ms", least: 0, step: 5, what: "Each way: the round trip of UDP bots grows by twice that." },
  { key: "jitterMilliseconds", label: "jitter, UDP", unit: " ms", least: 0, step: 5, what: "Packets overtake each other; messages keep their order." },
];

const presets = [
  { id: "crowd", label: "1,000 bots", where: "Tick", target: "chart-tick", set: { bots: 1000 }, look: "Sessions rise fivefold, messages more: each bot sees more of the others. Ticks get longer, and no message is lost." },
  { id: "slow-reader", label: "Slow reader", where: "Send queues", target: "chart-queue", set: { slowReaders: 1 }, look: "Its send queue climbs to 256 KiB, then it is disconnected and Events says why. The bots' round trip does not change." },
  { id: "garbage", label: "Garbage", where: "Events", target: "events-panel", set: { garbageSenders: 50 }, look: "Fifty attackers are disconnected at their first wrong frame and come back a second later. Messages lost stays 0." },
  { id: "slow-handlers", label: "Slow handlers", where: "Loop's thread", target: "chart-phases", set: { handlerMicroseconds: 300 }, look: "Handle takes over the bar. The round trip rises, because all handlers share one thread." },
  { id: "bad-network", label: "Bad network", where: "Round trip", target: "chart-round-trip", set: { lossPercent: 10, latencyMilliseconds: 80, jitterMilliseconds: 20 }, look: "UDP bots lose a tenth of their packets, 80 ms each way: their round trip rises beyond 160 ms. TCP bots notice nothing, and messages lost stays 0." },
  { id: "freeze", label: "Freeze 1 s", where: "Tick", target: "chart-tick", pause: 1000, look: "The thread sleeps for a second. Up to three ticks are caught up, the rest are skipped, and Events names the handler. Nobody is disconnected." },
  { id: "calm", label: "All calm again", where: "as at the start", set: {}, look: "Everything is as at the start. Nobody but the attackers was disconnected." },
];

export class Controls {
  constructor(client, form, buttons, look) {
    this.client = client;
    this.look = look;
    this.initial = null;
    this.timer = null;
    this.pointed = null;
    this.inputs = new Map();
    this.buttons = presets.map((preset) => this.addPreset(buttons, preset));
    for (const slider of sliders) this.addSlider(form, slider);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** The session is open: shows what the server is set to, and lets go of the sliders if they are allowed. */
  begin({ mayControl, limits, initial, controls }) {
    this.initial = initial;
    for (const [key, { input }] of this.inputs) {
      input.max = limits[key];
      input.disabled = !mayControl;
    }
    for (const button of this.buttons) button.disabled = !mayControl;
    if (!mayControl) this.look.textContent = "This server takes these controls from its own machine only; start it with --control-from-anywhere to change that.";
    this.show(controls);
  }

  end() {
    for (const { input } of this.inputs.values()) input.disabled = true;
    for (const button of this.buttons) button.disabled = true;
  }

  addPreset(parent, preset) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = preset.id;
    button.disabled = true;
    const label = document.createElement("b");
    label.textContent = preset.label;
    const where = document.createElement("span");
    where.textContent = preset.where;
    button.append(label, where);
    parent.append(button);
    button.addEventListener("click", () => this.run(preset));
    return button;
  }

  run({ set, pause, target, look, where }) {
    this.look.replaceChildren();
    if (target !== undefined) {
      const link = document.createElement("a");
      link.href = `#${target}`;
      link.textContent = where;
      this.look.append("Watch ", link, ": ");
      this.pointOut(document.getElementById(target));
    }
    this.look.append(look);
    clearTimeout(this.timer); // A slider that was moved just before must not undo it.
    this.timer = null;
    if (pause === undefined) this.ask(ControlsContract, { ...this.initial, ...set });
    else this.ask(PauseLoop, { milliseconds: pause });
  }

  /** Puts a frame around what will change. */
  pointOut(element) {
    clearTimeout(this.pointed?.timer);
    this.pointed?.element.classList.remove("is-pointed-out");
    element?.classList.add("is-pointed-out");
    const timer = setTimeout(() => element?.classList.remove("is-pointed-out"), pointOutTime);
    this.pointed = element === null ? null : { element, timer };
  }

  addSlider(form, { key, label, unit, least, step, what }) {
    const row = document.createElement("div");
    row.className = "control";
    const name = document.createElement("label");
    const input = document.createElement("input");
    const output = document.createElement("output");
    const note = document.createElement("p");
    input.id = `control-${key}`;
    input.type = "range";
    input.min = least;
    input.step = step;
    input.disabled = true;
    input.setAttribute("aria-describedby", `about-${key}`);
    name.htmlFor = input.id;
    name.textContent = label;
    output.htmlFor.add(input.id);
    note.id = `about-${key}`;
    note.className = "hint";
    note.textContent = what;
    row.append(name, output, input, note);
    form.append(row);
    this.inputs.set(key, { input, output, unit });
    input.addEventListener("input", () => {
      output.textContent = input.value + unit;
      this.timer ??= setTimeout(() => this.send(), sendPause);
    });
  }

  send() {
    this.timer = null;
    const wanted = {};
    for (const [key, { input }] of this.inputs) wanted[key] = Number(input.value);
    this.ask(ControlsContract, wanted);
  }

  async ask(contract, question) {
    try {
      const now = await this.client.request(contract, ControlsContract, question);
      if (this.timer === null) this.show(now);
    } catch (error) {
      this.look.textContent = error.message;
    }
  }

  show(controls) {
    for (const [key, { input, output, unit }] of this.inputs) {
      input.value = controls[key];
      output.textContent = controls[key] + unit;
    }
  }
}
