// Sliders and buttons that hurt the server.

import { Controls as ControlsContract, PauseLoop } from "./client.js";

const sendPause = 120;

const sliders = [
  { key: "bots", label: "bots", unit: "", least: 0, step: 10 },
  { key: "rate", label: "messages a second and bot", unit: "", least: 1, step: 1 },
  { key: "handlerMicroseconds", label: "handler cost", unit: " µs", least: 0, step: 5 },
  { key: "slowReaders", label: "slow readers", unit: "", least: 0, step: 1 },
  { key: "garbageSenders", label: "garbage senders", unit: "", least: 0, step: 1 },
];

export class Controls {
  constructor(client, form, note, buttons) {
    this.client = client;
    this.note = note;
    this.buttons = buttons;
    this.initial = null;
    this.timer = null;
    this.inputs = new Map();
    for (const slider of sliders) this.add(form, slider);
    form.addEventListener("submit", (event) => event.preventDefault());
    buttons.pauseShort.addEventListener("click", () => this.ask(PauseLoop, { milliseconds: 100 }));
    buttons.pauseLong.addEventListener("click", () => this.ask(PauseLoop, { milliseconds: 1000 }));
    buttons.calm.addEventListener("click", () => this.ask(ControlsContract, this.initial));
  }

  /** The session is open: shows what the server is set to, and lets go of the sliders if they are allowed. */
  begin({ mayControl, limits, controls }) {
    this.initial ??= controls;
    for (const [key, { input }] of this.inputs) {
      input.max = limits[key];
      input.disabled = !mayControl;
    }
    for (const button of Object.values(this.buttons)) button.disabled = !mayControl;
    if (!mayControl) this.note.textContent = "This server takes these controls from its own machine only; it was started without --control-from-anywhere.";
    this.show(controls);
  }

  end() {
    for (const { input } of this.inputs.values()) input.disabled = true;
    for (const button of Object.values(this.buttons)) button.disabled = true;
  }

  add(form, { key, label, unit, least, step }) {
    const row = document.createElement("div");
    row.className = "control";
    const name = document.createElement("label");
    const input = document.createElement("input");
    const output = document.createElement("output");
    input.id = `control-${key}`;
    input.type = "range";
    input.min = least;
    input.step = step;
    input.disabled = true;
    name.htmlFor = input.id;
    name.textContent = label;
    output.htmlFor.add(input.id);
    row.append(name, input, output);
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
      this.note.textContent = error.message;
    }
  }

  show(controls) {
    for (const [key, { input, output, unit }] of this.inputs) {
      input.value = controls[key];
      output.textContent = controls[key] + unit;
    }
  }
}
