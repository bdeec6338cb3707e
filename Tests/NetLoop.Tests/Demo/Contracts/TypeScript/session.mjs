// A client that does what its stdin says, a line each, and prints what happens.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { Divide, NetLoopClient, Numbered, Quotient, Say } = await import(pathToFileURL(process.argv[2]).href);
const client = new NetLoopClient(process.argv[3], { retry: [10, 200], token: Uint8Array.from([7]), ...JSON.parse(process.argv[4] ?? "{}") });
const print = (...words) => console.log(words.join(" "));
client.onOpened = (session) => print("opened", session.tickRate);
client.onClosed = ({ reason, text, isByServer, retryIn }) => print("closed", reason, isByServer, retryIn !== null, text);
client.onError = (error) => print("error", error.message);
const stopHearing = client.on(Say, ({ text }) => {
  print("heard", text);
  if (text === "throw") throw new Error("the handler failed");
});
client.onRequest(Divide, async ({ value, by }) => {
  if (by === 0) throw new Error("division by zero");
  return { value: value / by };
});
client.connect();
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split(" ");
  switch (command) {
    case "say": print("sent", client.send(Say, { text: words.join(" ") })); break;
    case "divide":
      client.request(Divide, { value: Number(words[0]), by: Number(words[1]) }, words[2] === undefined ? undefined : Number(words[2])).then(
        ({ value }) => print("quotient", value),
        (error) => print(error.name, error.code, error.message));
      break;
    case "divide-with-both": // As scripts were written before requests declared their response.
      client.request(Divide, Quotient, { value: 9, by: 3 }).then(({ value }) => print("quotient", value));
      break;
    case "ask-unknown": client.request(Numbered, Quotient, { number: 1, filler: new Uint8Array() }).catch((error) => print(error.name, error.code)); break;
    case "deaf": stopHearing(); break;
    case "large":
      try {
        client.send(Say, { text: "x".repeat(100000) });
      } catch (error) {
        print(error.name, error.message);
      }
      break;
    case "close": client.close(); break;
    default: throw new Error(line);
  }
}
client.close();
