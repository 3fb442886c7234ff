import { listenN5gEirFast } from './fast-listener.ts';
import { listenerCases } from './listener-cases.fixture.ts';

listenerCases('own HTTP/2', listenN5gEirFast);
