// Subscribes with a public client, and reports each event of the client as a line of JSON.
// node follow.js ws|sse ADDRESS HEADERS DOCUMENT VARIABLES
import { createClient as overEvents } from "graphql-sse";
import { createClient as overSocket } from "graphql-ws";
import { WebSocket } from "ws";

const [transport, address, headers, query, variables] = process.argv.slice(2);
const report = (event, payload = null) => console.log(JSON.stringify({ event, payload }));
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

class WithHeaders extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { headers: JSON.parse(headers) });
  }
}

const connected = () => report("connected");
const clients = {
  ws: () =>
    overSocket({
      url: address.replace(/^http/, "ws"),
      webSocketImpl: WithHeaders,
      retryAttempts: Infinity,
      retryWait: pause,
      on: { connected, closed: ({ code }) => report("closed", code) },
    }),
  sse: () =>
    overEvents({ url: address, headers: JSON.parse(headers), retryAttempts: Infinity, retry: pause, on: { connected } }),
};

clients[transport]().subscribe(
  { query, variables: JSON.parse(variables) },
  {
    next: (result) => report("next", result),
    error: (error) => report("error", error.code ?? error.map?.((cause) => cause.extensions.code) ?? String(error)),
    complete: () => report("complete"),
  },
);
