import type { GraphiQLProps } from 'graphiql';
import { type ExecutionResult, Kind, OperationTypeNode, parse } from 'graphql';
import { createClient } from 'graphql-sse';

interface Operation {
  query: string;
  variables?: unknown;
  operationName?: string | null;
}

/**
 * The headers of a request, as the person of the session.
 *
 * A token in `headers` stands for somebody else: the session's cookie then stays behind.
 */
function sent(headers: Record<string, string>, accept: string): { credentials: RequestCredentials; headers: Headers } {
  const all = new Headers({ accept, ...headers });
  all.set('content-type', 'application/json');
  // A form on another site can't set this header: the API can tell our requests from forged ones.
  all.set('x-requested-with', 'GraphiQL');
  return { credentials: all.has('authorization') ? 'omit' : 'same-origin', headers: all };
}

/** Posts one operation to the API. Throws when the server can't be reached or answers with something else than JSON. */
export async function post(operation: Operation, headers: Record<string, string> = {}): Promise<ExecutionResult> {
  const response = await fetch('/graphql', {
    method: 'POST',
    ...sent(headers, 'application/json'),
    body: JSON.stringify(operation),
  });
  if (!response.headers.get('content-type')?.includes('json')) {
    throw new Error(`De server antwoordde met status ${response.status}, niet met JSON.`);
  }
  return (await response.json()) as ExecutionResult;
}

/** Follows a subscription until GraphiQL is told to stop. */
function follow(operation: Operation, headers: Record<string, string> = {}): AsyncIterableIterator<ExecutionResult> {
  const asked = sent(headers, 'text/event-stream');
  const client = createClient({
    url: '/graphql',
    credentials: asked.credentials as 'omit' | 'same-origin',
    headers: Object.fromEntries(asked.headers),
    retryAttempts: Infinity,
  });
  const { query, operationName } = operation;
  const variables = (operation.variables ?? {}) as Record<string, unknown>;
  const asking = operationName ? { query, variables, operationName } : { query, variables };
  return client.iterate(asking) as AsyncIterableIterator<ExecutionResult>;
}

/** How GraphiQL reaches the API. */
export const fetcher: GraphiQLProps['fetcher'] = ({ query, variables, operationName }, options) => {
  const operation = { query, variables, operationName: operationIn(query, operationName) };
  return isSubscription(operation) ? follow(operation, options?.headers) : post(operation, options?.headers);
};

/** Whether the operation that will run is one to follow. */
function isSubscription({ query, operationName }: Operation): boolean {
  try {
    return parse(query).definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.SUBSCRIPTION &&
        (operationName === null || definition.name?.value === operationName),
    );
  } catch {
    return false;
  }
}

/**
 * The operation to run: the one that was asked for if `document` holds it.
 *
 * GraphiQL works out the name a moment after the text has changed, so just after a change of tab it asks for the
 * operation of the tab before.
 */
function operationIn(document: string, asked: string | null = null): string | null {
  const names = namesIn(document);
  if (names === null || (asked !== null && names.includes(asked))) {
    return asked;
  }
  return names[0] ?? null;
}

/** The names of the operations in `document`; null when it can't be parsed, which the server words best. */
function namesIn(document: string): string[] | null {
  try {
    return parse(document).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
    );
  } catch {
    return null;
  }
}
