// What happened, newest first.

import { clock } from "./format.js";

const most = 100;
const kinds = ["control", "closed", "late", "warning"];

export class Events {
  constructor(list) {
    this.list = list;
  }

  add({ time, kind, text }) {
    const item = document.createElement("li");
    item.dataset.kind = kinds[kind] ?? "warning";
    const when = document.createElement("time");
    when.textContent = clock(time);
    const what = document.createElement("span");
    what.textContent = text;
    item.append(when, what);
    this.list.prepend(item);
    while (this.list.children.length > most) this.list.lastElementChild.remove();
  }
}
