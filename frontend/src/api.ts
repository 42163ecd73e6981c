import type { GraphiQLProps } from 'graphiql';
import { type ExecutionResult, Kind, parse } from 'graphql';

interface Operation {
  query: string;
  variables?: unknown;
  operationName?: string | null;
}

/**
 * Posts one operation to the API, as the person of the session.
 *
 * A token in `headers` stands for somebody else: the session's cookie then stays behind. Throws when the server can't be
 * reached or answers with something else than JSON.
 */
export async function post(operation: Operation, headers: Record<string, string> = {}): Promise<ExecutionResult> {
  const sent = new Headers({ accept: 'application/json', ...headers });
  sent.set('content-type', 'application/json');
  // A form on another site can't set this header: the API can tell our requests from forged ones.
  sent.set('x-requested-with', 'GraphiQL');
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: sent.has('authorization') ? 'omit' : 'same-origin',
    headers: sent,
    body: JSON.stringify(operation),
  });
  if (!response.headers.get('content-type')?.includes('json')) {
    throw new Error(`De server antwoordde met status ${response.status}, niet met JSON.`);
  }
  return (await response.json()) as ExecutionResult;
}

/** How GraphiQL reaches the API. */
export const fetcher: GraphiQLProps['fetcher'] = ({ query, variables, operationName }, options) =>
  post({ query, variables, operationName: operationIn(query, operationName) }, options?.headers);

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
