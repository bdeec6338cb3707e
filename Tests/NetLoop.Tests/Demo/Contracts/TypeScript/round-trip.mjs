// Reads lines "contract hexadecimal", decodes each with the generated client, and prints what it encodes again.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const client = await import(pathToFileURL(process.argv[2]).href);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, hex] = line.split(" ");
  try {
    const value = client.decode(client[name], Uint8Array.from(Buffer.from(hex, "hex")));
    console.log(Buffer.from(client.encode(client[name], value)).toString("hex"));
  } catch (error) {
    console.log(`${error.name}: ${error.message}`);
  }
}
