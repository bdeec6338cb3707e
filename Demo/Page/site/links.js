// The bots on UDP: the round trip, losses and retransmissions of each.

import * as format from "./format.js";

const mostRows = 6;

/** How a bot is connected, by its number in the messages. */
export const transports = [
  { name: "TCP", color: "--first" },
  { name: "WebSocket", color: "--receive" },
  { name: "UDP", color: "--flush" },
];

export class Links {
  constructor(rows, empty, counts) {
    Object.assign(this, { rows, empty, counts });
    this.byId = new Map();
  }

  /** Shows the bots with the most loss first. */
  show({ bots }) {
    this.byId = new Map(bots.map((bot) => [bot.id, bot]));
    const shown = [...bots].sort((one, other) => lossOf(other) - lossOf(one) || one.id - other.id).slice(0, mostRows);
    this.rows.replaceChildren(...shown.map((bot) => row(`#${bot.id}`, ...figures(bot))));
    this.rows.parentElement.hidden = bots.length === 0;
    this.empty.hidden = bots.length > 0;
  }

  /** Shows how many bots use each transport. */
  count({ bots, webSocketBots, udpBots }) {
    [bots - webSocketBots - udpBots, webSocketBots, udpBots].forEach((count, number) => (this.counts[number].textContent = format.count(count)));
  }

  /** One bot in words; its transport alone if that has no packets. */
  describe(id, transport) {
    const bot = this.byId.get(id);
    const name = `#${id} ${transports[transport].name}`;
    if (bot === undefined) return name;
    const [roundTrip, lost, again] = figures(bot);
    return `${name}: ${roundTrip}, ${lost} lost, ${again} sent again`;
  }
}

function lossOf({ packetsSent, packetsLost }) {
  return Number(packetsLost) / Math.max(1, Number(packetsSent));
}

function figures(bot) {
  return [format.time(bot.roundTripMilliseconds), `${(100 * lossOf(bot)).toFixed(1)}%`, format.count(Number(bot.retransmissions))];
}

function row(...texts) {
  const line = document.createElement("tr");
  texts.forEach((text, number) => {
    const cell = document.createElement(number === 0 ? "th" : "td");
    if (number === 0) cell.scope = "row";
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}
