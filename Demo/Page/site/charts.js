// Charts of the last minute, drawn on canvases.

import * as format from "./format.js";

const samplesPerMinute = 240;
const headroom = 1.15;

/** A line chart of one or two series, with a limit where there is one. */
class Chart {
  constructor(parent, { title, unit, series, limit, floor }) {
    this.unit = unit;
    this.series = series;
    this.limit = limit;
    this.floor = floor;
    this.samples = [];
    this.pointer = null;
    const figure = document.createElement("figure");
    figure.className = "chart";
    const caption = document.createElement("figcaption");
    const heading = document.createElement("b");
    heading.textContent = title;
    caption.append(heading);
    this.values = series.map(({ name, color }) => {
      const item = document.createElement("span");
      const mark = document.createElement("i");
      mark.style.background = `var(${color})`;
      const value = document.createElement("span");
      value.textContent = "–";
      item.append(mark, `${name} `, value);
      caption.append(item);
      return value;
    });
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `${title}, the last minute`);
    figure.append(caption, this.canvas);
    parent.append(figure);
    this.canvas.addEventListener("pointermove", (event) => this.point(event.offsetX));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  add(vitals) {
    this.samples.push(this.series.map(({ of }) => of(vitals)));
    if (this.samples.length > samplesPerMinute) this.samples.shift();
    this.draw();
  }

  /** A gap: the server was away. */
  break() {
    if (this.samples.length > 0) this.add(null);
  }

  point(x) {
    this.pointer = x;
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0) return;
    const scale = devicePixelRatio;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    const style = getComputedStyle(this.canvas);
    const color = (name) => style.getPropertyValue(name);
    const top = this.top();
    const yOf = (value) => height - 2 - (value / top) * (height - 6);
    const xOf = (index) => width - ((this.samples.length - 1 - index) / (samplesPerMinute - 1)) * width;

    context.font = "11px system-ui, sans-serif";
    context.strokeStyle = color("--grid");
    for (const part of [0, 0.5, 1]) {
      const y = Math.round(yOf(part * (top / headroom))) + 0.5;
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(width, y);
      context.stroke();
    }

    if (this.limit !== undefined) {
      context.strokeStyle = color("--limit");
      context.setLineDash([5, 4]);
      context.beginPath();
      context.moveTo(0, yOf(this.limit));
      context.lineTo(width, yOf(this.limit));
      context.stroke();
      context.setLineDash([]);
    }

    this.series.forEach((series, number) => {
      context.strokeStyle = color(series.color);
      context.lineWidth = 1.5;
      context.beginPath();
      let isGap = true;
      this.samples.forEach((sample, index) => {
        const value = sample[number];
        if (value === null) {
          isGap = true;
          return;
        }
        if (isGap) context.moveTo(xOf(index), yOf(value));
        else context.lineTo(xOf(index), yOf(value));
        isGap = false;
      });
      context.stroke();
    });
    this.label(context, yOf, top / headroom, color);
    this.caption(context, width, height, xOf, color);
  }

  /** Names the lines of the grid, readable where a series crosses them. */
  label(context, yOf, most, color) {
    context.fillStyle = color("--soft");
    context.strokeStyle = color("--panel");
    context.lineWidth = 3;
    for (const part of [0.5, 1]) {
      const label = this.unit(part * most);
      context.strokeText(label, 2, yOf(part * most) + 12);
      context.fillText(label, 2, yOf(part * most) + 12);
    }
  }

  /** Shows the values under the pointer, or the latest. */
  caption(context, width, height, xOf, color) {
    let index = this.samples.length - 1;
    if (this.pointer !== null && index >= 0) {
      index = Math.min(index, Math.max(0, Math.round(index - ((width - this.pointer) / width) * (samplesPerMinute - 1))));
      context.strokeStyle = color("--soft");
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(xOf(index), 0);
      context.lineTo(xOf(index), height);
      context.stroke();
    }
    const sample = this.samples[index];
    this.values.forEach((value, number) => {
      const shown = sample?.[number] ?? null;
      value.textContent = shown === null ? "–" : this.unit(shown);
    });
  }

  top() {
    let most = Math.max(this.floor, (this.limit ?? 0));
    for (const sample of this.samples) for (const value of sample) most = Math.max(most, value ?? 0);
    return most * headroom;
  }
}

/** All charts of the page. */
export class Charts {
  constructor(parent, tickRate) {
    const one = "--first";
    const two = "--second";
    const budget = 1000 / tickRate;
    const series = (name, color, of) => ({ name, color, of: (vitals) => (vitals === null ? null : of(vitals)) });
    this.charts = [
      { title: "Tick", unit: format.time, limit: budget, floor: budget, series: [series("longest", one, (v) => v.tickMax), series("late by", two, (v) => v.lateMax)] },
      { title: "Round trip of the bots", unit: format.time, floor: 2, series: [series("median", one, (v) => v.roundTripMedian), series("p99", two, (v) => v.roundTripP99)] },
      { title: "Messages a second", unit: format.count, floor: 100, series: [series("in", one, (v) => v.messagesIn), series("out", two, (v) => v.messagesOut)] },
      { title: "Bytes a second", unit: format.bytes, floor: 1024, series: [series("in", one, (v) => v.bytesIn), series("out", two, (v) => v.bytesOut)] },
      { title: "Waiting for slow readers", unit: format.bytes, floor: 4096, series: [series("send queues", two, (v) => v.sendQueueBytes)] },
      { title: "Waiting for handlers", unit: format.count, floor: 10, series: [series("inbox", one, (v) => v.inboxDepth)] },
      { title: "Memory of the process", unit: format.bytes, floor: 1048576, series: [series("working set", one, (v) => v.memoryBytes)] },
      { title: "Allocated a message", unit: format.bytes, floor: 16, series: [series("on the loop", one, (v) => v.allocatedPerMessage)] },
      { title: "Sessions", unit: format.count, floor: 10, series: [series("open", one, (v) => v.sessions), series("bots", two, (v) => v.bots)] },
    ].map((chart) => new Chart(parent, chart));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.charts.forEach((chart) => chart.draw()));
  }

  add(vitals) {
    for (const chart of this.charts) chart.add(vitals);
  }

  break() {
    for (const chart of this.charts) chart.break();
  }
}
