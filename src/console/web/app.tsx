import { LocationProvider } from 'preact-iso';
import { Frame } from './frame/frame.tsx';
import { Loading, ProblemNote } from './part/states.tsx';
import SignIn from './screen/sign-in/sign-in.tsx';
import { loadSession, session } from './session.ts';
import { useStore } from './store.ts';
import { language } from './text/index.ts';

/** Addresses of the page; those of the operator's programs are left to the browser. */
const SCOPE = /^\/(?!api\/|metrics|healthz|readyz|licenses\.md)/;

function Who() {
  const now = useStore(session);
  switch (now.state) {
    case 'unknown':
      return (
        <main class="alone">
          <Loading />
        </main>
      );
    case 'failed':
      return (
        <main class="alone">
          <ProblemNote problem={now.problem} onRetry={() => void loadSession()} />
        </main>
      );
    case 'signedOut':
      return <SignIn />;
    case 'signedIn':
      return <Frame />;
  }
}

/** The whole page. */
export function App() {
  useStore(language);
  return (
    <LocationProvider scope={SCOPE}>
      <Who />
    </LocationProvider>
  );
}
