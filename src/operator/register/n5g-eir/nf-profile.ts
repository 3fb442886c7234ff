import { API_FULL_VERSION, API_VERSION, NF_TYPE, SERVICE_NAME } from './service.ts';

/** Where an AMF reaches us, and who may know (NFProfile and NFService, TS 29.510 6.1.6.2.2 and 6.1.6.2.3). */
export interface NfProfileOptions {
  /** A UUID of our own, the same after every restart. */
  readonly nfInstanceId: string;
  readonly scheme: 'http' | 'https';
  /** At least one of the three ways to be addressed must be there. */
  readonly fqdn?: string;
  readonly ipv4Addresses?: readonly string[];
  readonly ipv6Addresses?: readonly string[];
  readonly port: number;
  /** What stands before `/n5g-eir-eic` in our URIs, as in EquipmentStatusOptions. Default none. */
  readonly prefix?: string;
  /** NF types that may discover us. Default AMF and SCP. */
  readonly allowedNfTypes?: readonly string[];
  /** Whether consumers need a token. Default false. */
  readonly isTokenRequired?: boolean;
  /** Seconds between heartbeats that we propose, at least 1; the NRF decides. Default 10. */
  readonly heartBeatTimer?: number;
  /** 0 to 65535, lower is chosen first. Default 0. */
  readonly priority?: number;
  /** 0 to 65535, relative to other registers. Default 100. */
  readonly capacity?: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function refuse(expected: string, got: unknown): never {
  throw new Error(`profile for the NRF: expected ${expected}, got ${String(got)}`);
}

function checked(options: NfProfileOptions): void {
  const { nfInstanceId, fqdn, ipv4Addresses = [], ipv6Addresses = [], port, heartBeatTimer = 10 } = options;
  if (!UUID.test(nfInstanceId)) refuse('a UUID as nfInstanceId', nfInstanceId);
  if (fqdn === undefined && ipv4Addresses.length + ipv6Addresses.length === 0)
    refuse('an fqdn or an address that AMFs can reach', 'none');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) refuse('a port of 1 to 65535', port);
  if (!Number.isInteger(heartBeatTimer) || heartBeatTimer < 1)
    refuse('a heartBeatTimer of whole seconds, at least 1', heartBeatTimer);
}

function serviceOf(options: NfProfileOptions): Readonly<Record<string, unknown>> {
  const { scheme, fqdn, ipv4Addresses = [], ipv6Addresses = [], port, prefix = '' } = options;
  const ipEndPoints = [
    ...ipv4Addresses.map((ipv4Address) => ({ ipv4Address, port })),
    ...ipv6Addresses.map((ipv6Address) => ({ ipv6Address, port })),
  ];
  return {
    serviceInstanceId: `${SERVICE_NAME}-1`,
    serviceName: SERVICE_NAME,
    versions: [{ apiVersionInUri: API_VERSION, apiFullVersion: API_FULL_VERSION }],
    scheme,
    nfServiceStatus: 'REGISTERED',
    ...(fqdn !== undefined && { fqdn }),
    // A port without an address goes with the fqdn.
    ipEndPoints: ipEndPoints.length > 0 ? ipEndPoints : [{ port }],
    ...(prefix !== '' && { apiPrefix: prefix }),
    ...(options.isTokenRequired === true && { oauth2Required: true }),
    allowedNfTypes: options.allowedNfTypes ?? ['AMF', 'SCP'],
    priority: options.priority ?? 0,
    capacity: options.capacity ?? 100,
    load: 0,
  };
}

/** The NFProfile of this register, for PUT nf-instances. Throws for one that no NRF could use. */
export function nfProfile(options: NfProfileOptions): Readonly<Record<string, unknown>> {
  checked(options);
  const { nfInstanceId, fqdn, ipv4Addresses = [], ipv6Addresses = [] } = options;
  return {
    nfInstanceId,
    nfType: NF_TYPE,
    nfStatus: 'REGISTERED',
    heartBeatTimer: options.heartBeatTimer ?? 10,
    ...(fqdn !== undefined && { fqdn }),
    ...(ipv4Addresses.length > 0 && { ipv4Addresses }),
    ...(ipv6Addresses.length > 0 && { ipv6Addresses }),
    allowedNfTypes: options.allowedNfTypes ?? ['AMF', 'SCP'],
    priority: options.priority ?? 0,
    capacity: options.capacity ?? 100,
    load: 0,
    nfServices: [serviceOf(options)],
  };
}

/** The body of a heartbeat (TS 29.510 5.2.2.3.2): still here, and so busy. `load` is 0 to 100. */
export function heartbeat(load: number): readonly Readonly<Record<string, unknown>>[] {
  return [
    { op: 'replace', path: '/nfStatus', value: 'REGISTERED' },
    { op: 'replace', path: '/load', value: Math.round(Math.min(Math.max(load, 0), 100)) },
  ];
}
