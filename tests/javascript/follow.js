// Follows a subscription with a public client, and says what the client says, one line of JSON for each.
// node follow.js ws|sse ADDRESS HEADERS DOCUMENT VARIABLES
import { createClient as overEvents } from "graphql-sse";
import { createClient as overSocket } from "graphql-ws";
import { WebSocket } from "ws";

const [transport, address, headers, query, variables] = process.argv.slice(2);
const say = (event, told = null) => console.log(JSON.stringify({ event, told }));
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

class WithHeaders extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { headers: JSON.parse(headers) });
  }
}

const connected = () => say("connected");
const clients = {
  ws: () =>
    overSocket({
      url: address.replace(/^http/, "ws"),
      webSocketImpl: WithHeaders,
      retryAttempts: Infinity,
      retryWait: pause,
      on: { connected, closed: ({ code }) => say("closed", code) },
    }),
  sse: () =>
    overEvents({ url: address, headers: JSON.parse(headers), retryAttempts: Infinity, retry: pause, on: { connected } }),
};

clients[transport]().subscribe(
  { query, variables: JSON.parse(variables) },
  {
    next: (result) => say("next", result),
    error: (error) => say("error", error.code ?? error.map?.((each) => each.extensions.code) ?? String(error)),
    complete: () => say("complete"),
  },
);
