import { LocationProvider } from 'preact-iso';
import { useAddress } from './address.ts';
import { Frame } from './frame/frame.tsx';
import { Loading, ProblemNote } from './part/states.tsx';
import { FIRST_PATH, FirstAdministrator } from './screen/sign-in/first-administrator.tsx';
import { SignIn } from './screen/sign-in/sign-in.tsx';
import { loadSession, session } from './session.ts';
import { useStore } from './store.ts';
import { language } from './text/index.ts';

/** Addresses of the page; those of the operator's programs are left to the browser. */
const SCOPE = /^\/(?!api\/|metrics|healthz|readyz|licenses\.md)/;

function Who() {
  const now = useStore(session);
  const { path } = useAddress();
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
      return path === FIRST_PATH ? (
        <FirstAdministrator answer={now.answer} />
      ) : (
        <SignIn answer={now.answer} because={now.because} />
      );
    case 'signedIn':
      // Until there is somebody, whoever sits at the machine may look, and has the link to make the first one.
      return path === FIRST_PATH ? <FirstAdministrator answer={now.answer} /> : <Frame />;
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
