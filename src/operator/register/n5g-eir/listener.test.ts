import { listenN5gEir } from './listener.ts';
import { listenerCases } from './listener-cases.fixture.ts';

listenerCases('node:http2', listenN5gEir);
