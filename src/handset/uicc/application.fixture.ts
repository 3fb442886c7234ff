import { fromHex, NO_OCTETS } from '#base/codec/index.ts';
import type { ToolkitApplication, ToolkitPort } from './index.ts';

/** A toolkit application that writes down what it hears; single answers can be replaced. */
export interface RecordingApplication {
  readonly heard: string[];
  /** The card's port, from the moment the card is made. */
  readonly port: ToolkitPort;
  readonly make: (port: ToolkitPort) => ToolkitApplication;
}

export const TAR = fromHex('BFFF31');

/** An application for tests. */
export function recordingApplication(change: Partial<ToolkitApplication> = {}): RecordingApplication {
  const heard: string[] = [];
  let given: ToolkitPort | undefined;
  return {
    heard,
    get port() {
      if (given === undefined) throw new Error('expected a card to be made first');
      return given;
    },
    make(port) {
      given = port;
      return {
        tar: TAR,
        vitalRecords: [],
        poweredOn: () => heard.push('poweredOn'),
        profileDownloaded: () => heard.push('profileDownloaded'),
        callControl: () => {
          heard.push('callControl');
          return 'allowed';
        },
        authenticateRequested: () => {
          heard.push('authenticateRequested');
          return undefined;
        },
        authenticated: () => heard.push('authenticated'),
        secured: (data) => {
          heard.push(`secured ${data.length}`);
          return NO_OCTETS;
        },
        statusPolled: () => heard.push('statusPolled'),
        ...change,
      };
    },
  };
}
