import { actsFor, type SignIn, useSignIn } from './viewer';

/** What is above GraphiQL: where one is, who is signed in, and the ways in, out and to the mails. */
export function TopBar() {
  const signIn = useSignIn();
  return (
    <header className="top-bar">
      <h1>e-Contracting Access</h1>
      <p role="status" aria-label="Aangemeld als">
        <Person signIn={signIn} />
      </p>
      <nav>
        <a href="/mailbox">Postvak</a>
        {signIn.state === 'somebody' ? (
          <form method="post" action="/signout">
            <button type="submit">Afmelden</button>
          </form>
        ) : (
          <a href="/signin?next=/graphql">Aanmelden</a>
        )}
      </nav>
    </header>
  );
}

function Person({ signIn }: { signIn: SignIn }) {
  switch (signIn.state) {
    case 'asking':
      return '…';
    case 'nobody':
      return 'Niet aangemeld';
    case 'unknown':
      return 'Niet bekend wie aangemeld is';
    case 'somebody':
      return (
        <>
          <strong>{signIn.viewer.user?.fullName}</strong> {actsFor(signIn.viewer)}
        </>
      );
  }
}
