import { useEffect, useState } from 'react';

import { post } from './api';

const QUERY = `query Viewer {
  viewer { user { fullName } organisations { organisation { name } roles mandates } }
}`;

const WORDS: Record<string, string> = {
  ADMINISTRATOR: 'beheerder',
  USER: 'gebruiker',
  LEGAL_REPRESENTATIVE: 'wettelijke vertegenwoordiger',
  MAIN_ACCESS_MANAGER: 'hoofdtoegangsbeheerder',
  ACCESS_MANAGER: 'toegangsbeheerder',
};

/** Who is asking, as the API tells it. */
export interface Viewer {
  user: { fullName: string } | null;
  organisations: { organisation: { name: string }; roles: string[]; mandates: string[] }[];
}

export type SignIn =
  | { state: 'asking' | 'nobody' | 'unknown' }
  | { state: 'somebody'; viewer: Viewer };

/** Asks the API once who is signed in: "unknown" when it gives no answer. */
export function useSignIn(): SignIn {
  const [signIn, setSignIn] = useState<SignIn>({ state: 'asking' });
  useEffect(() => {
    ask().then(setSignIn, () => setSignIn({ state: 'unknown' }));
  }, []);
  return signIn;
}

async function ask(): Promise<SignIn> {
  const { data, errors } = await post({ query: QUERY, operationName: 'Viewer' });
  if (errors || !data) {
    return { state: 'unknown' };
  }
  const viewer = data['viewer'] as Viewer | null;
  return viewer ? { state: 'somebody', viewer } : { state: 'nobody' };
}

/** The organisations that the viewer acts for, with the roles in Dutch: "Wegenbouw Peeters (beheerder)". */
export function actsFor({ organisations }: Viewer): string {
  return organisations
    .map(({ organisation, roles, mandates }) => {
      const standing = [...roles, ...mandates].map((word) => WORDS[word] ?? word).join(', ');
      return standing ? `${organisation.name} (${standing})` : organisation.name;
    })
    .join(' · ');
}
