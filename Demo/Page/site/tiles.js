// The current figures, in a color that shows how good they are.

import * as format from "./format.js";

/** From these values on a figure is high, or bad. */
const levels = {
  roundTrip: [50, 250],
  busy: [0.8, 0.95],
  allocated: [64, 1024],
  lost: [1, 1],
};

export class Tiles {
  constructor(element, tickRate) {
    this.element = element;
    const step = 1000 / tickRate;
    this.levels = { ...levels, late: [step / 2, step] };
  }

  show(vitals) {
    const { roundTripMedianMilliseconds: median, roundTripP99Milliseconds: p99 } = vitals;
    this.set("sessions", format.count(vitals.sessions));
    this.set("messages", format.count(vitals.messagesInPerSecond + vitals.messagesOutPerSecond));
    this.set("round-trip", p99 > 0 ? `${format.time(median)} · ${format.time(p99)}` : "–", this.levelOf("roundTrip", p99));
    this.set("late", format.time(vitals.lateMaxMilliseconds), this.levelOf("late", vitals.lateMaxMilliseconds));
    this.set("busy", format.percent(vitals.busyFraction), this.levelOf("busy", vitals.busyFraction));
    this.set("allocated", format.bytes(Math.round(vitals.allocatedBytesPerMessage)), this.levelOf("allocated", vitals.allocatedBytesPerMessage));
    this.set("lost", format.count(vitals.messagesLost), this.levelOf("lost", vitals.messagesLost));
  }

  set(id, text, level = "") {
    const value = this.element(`now-${id}`);
    value.textContent = text;
    value.parentElement.dataset.level = level;
  }

  levelOf(name, value) {
    const [high, bad] = this.levels[name];
    return value >= bad ? "bad" : value >= high ? "high" : "good";
  }
}
