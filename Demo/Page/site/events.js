// Events, newest first. An event that is repeated with a higher count keeps its place.

import * as format from "./format.js";

const most = 100;
const kinds = ["control", "closed", "late", "warning", "lost"];

export class Events {
  constructor(list, empty, worst, timeline) {
    Object.assign(this, { list, empty, worst, timeline });
    /** Called with the moment of the line under the pointer, and with null when there is none. */
    this.onPoint = null;
    this.items = new Map();
    this.worstMilliseconds = 0;
    this.worstItem = null;
  }

  /** Forgets what a server said that is gone: another one counts from the beginning. */
  begin(happenings) {
    this.list.replaceChildren();
    this.items.clear();
    this.worstMilliseconds = 0;
    this.worstItem = null;
    this.worst.hidden = true;
    for (const happening of happenings) this.add(happening);
    this.list.hidden = this.items.size === 0;
    this.empty.hidden = this.items.size > 0;
  }

  add({ id, elapsedMilliseconds, kind, text, lateMilliseconds }) {
    const at = this.timeline.timeOf(elapsedMilliseconds);
    let item = this.items.get(id);
    if (item === undefined) {
      item = document.createElement("li");
      item.dataset.kind = kinds[kind] ?? "warning";
      item.append(document.createElement("time"), document.createElement("span"));
      item.addEventListener("pointerenter", () => this.onPoint?.(at));
      item.addEventListener("pointerleave", () => this.onPoint?.(null));
      this.items.set(id, item);
      this.list.prepend(item);
      this.list.hidden = false;
      this.empty.hidden = true;
    }
    item.firstChild.textContent = format.clock(at);
    item.lastChild.textContent = text;
    if (item.dataset.kind === "control") this.timeline.mark(elapsedMilliseconds);
    if (lateMilliseconds > this.worstMilliseconds) this.remember(item, at, lateMilliseconds);
    this.trim();
  }

  /** The latest tick is named above the list, wherever its line is by now. */
  remember(item, at, lateMilliseconds) {
    this.worstMilliseconds = lateMilliseconds;
    this.worstItem = item;
    this.worst.hidden = false;
    this.worst.textContent = `worst so far: a tick ${format.time(lateMilliseconds)} late at ${format.clock(at)}`;
  }

  trim() {
    while (this.items.size > most) {
      const [id, item] = [...this.items].find(([, old]) => old !== this.worstItem);
      this.items.delete(id);
      item.remove();
    }
  }
}
