// The handset's operating system (4): boots, relays, performs proactive commands, attaches, calls; the honest one and the frauds.
// Standards: TS 102 221 14, TS 102 223 6.4, TS 31.111 6 and 7, TS 24.008; it is the relay of steps 101 and 102.
// Must never: hold a key, open a secure channel, read an OTA packet: it imports none of that, and a test proves it.
export { type BootResult, type Flash, OperatingSystem } from './operating-system.ts';
export { PERFORMED_FEATURES, VARIANTS, type VariantName } from './variants.ts';
