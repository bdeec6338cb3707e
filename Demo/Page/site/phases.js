// How the loop's thread spends its time: the phases of its iterations as stacked bars.

/** The last second. */
const smoothing = 4;

const phases = [
  { name: "Wait", of: (p) => p.wait, what: "sleeps until something happens" },
  { name: "Receive", of: (p) => p.receive, what: "reads sockets, cuts frames, decodes messages" },
  { name: "Handle", of: (p) => p.handle, what: "runs handlers" },
  { name: "Tick", of: (p) => p.tick, what: "moves the game" },
  { name: "Flush", of: (p) => p.flush, what: "sends" },
  { name: "other", of: (p) => p.clock + p.accept + p.timers + p.close, what: "clock, accept, timers, close" },
];

export class Phases {
  constructor(parent) {
    const figure = document.createElement("figure");
    figure.className = "chart phases";
    figure.id = "chart-phases";
    const caption = document.createElement("figcaption");
    const heading = document.createElement("b");
    heading.textContent = "A second of the loop's thread";
    this.summary = document.createElement("span");
    caption.append(heading, this.summary);
    this.whole = this.bar(phases);
    this.work = this.bar(phases.slice(1));
    const legend = document.createElement("ul");
    this.legend = phases.map((phase, number) => {
      const item = document.createElement("li");
      item.title = phase.what;
      const mark = document.createElement("i");
      mark.dataset.phase = number;
      const value = document.createElement("b");
      item.append(mark, `${phase.name} `, value);
      legend.append(item);
      return value;
    });
    figure.append(caption, this.whole.bar, this.work.bar, legend);
    parent.append(figure);
  }

  /** Shows the second before a sample. */
  show(samples, index) {
    const second = samples.slice(Math.max(0, index - smoothing + 1), index + 1);
    if (second.length === 0) return;
    const shares = phases.map(({ of }) => second.reduce((sum, { vitals }) => sum + of(vitals.phases), 0) / second.length);
    const work = shares.slice(1);
    const busy = work.reduce((sum, share) => sum + share, 0);
    this.summary.textContent = `works ${Math.round(busy * 1000)} ms of it`;
    this.fill(this.whole, shares);
    this.fill(this.work, work.map((share) => (busy > 0 ? share / busy : 0)));
    const texts = shares.map((share) => `${(share * 1000).toFixed(share < 0.01 ? 1 : 0)} ms`);
    this.legend.forEach((value, number) => {
      value.textContent = texts[number];
    });
    this.whole.bar.setAttribute("aria-label", phases.map(({ name }, number) => `${name} ${texts[number]}`).join(", "));
  }

  bar(parts) {
    const bar = document.createElement("div");
    bar.className = "bar";
    if (parts === phases) bar.setAttribute("role", "img");
    else bar.setAttribute("aria-hidden", "true");
    const cells = parts.map((part) => {
      const cell = document.createElement("i");
      cell.dataset.phase = phases.indexOf(part);
      cell.title = `${part.name}: ${part.what}`;
      bar.append(cell);
      return cell;
    });
    return { bar, cells };
  }

  fill({ cells }, shares) {
    cells.forEach((cell, number) => {
      cell.style.flexGrow = shares[number];
    });
  }
}
