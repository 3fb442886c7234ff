import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate and its key, in PEM, for a test: nothing secret lies in the house, and nothing expires there. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** A DER element (X.690 8.1). */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
const octets = (hex: string) => Buffer.from(hex, 'hex');
const SEQUENCE = 0x30;
const SET = 0x31;
const ECDSA_WITH_SHA256 = der(SEQUENCE, octets('06082a8648ce3d040302'));
const COMMON_NAME = octets('0603550403');
const nameOf = (text: string) => der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(0x0c, Buffer.from(text)))));
const extension = (oid: string, value: Buffer) => der(SEQUENCE, octets(oid), der(0x04, value));

/** A certificate of P-256 (RFC 5280 4.1) by `issuer`, or by itself: then it is an authority. `uri` and IP 127.0.0.1 are its alternative names. */
export function testCertificate(name: string, uri: string, issuer?: TestCertificate): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = der(SEQUENCE, ...(issuer === undefined ? [octets('0101ff')] : []));
  const names = der(SEQUENCE, der(0x86, Buffer.from(uri)), der(0x87, octets('7f000001')));
  const extensions = der(SEQUENCE, extension('0603551d13', isAuthority), extension('0603551d11', names));
  const tbs = der(
    SEQUENCE,
    der(0xa0, octets('020102')),
    der(0x02, Buffer.concat([octets('01'), Buffer.from(name.slice(0, 8))])),
    ECDSA_WITH_SHA256,
    nameOf(issuer?.name ?? name),
    der(SEQUENCE, der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from('21000101000000Z'))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', tbs, issuer?.privateKey ?? privateKey);
  const whole = der(SEQUENCE, tbs, ECDSA_WITH_SHA256, der(0x03, octets('00'), signature)).toString('base64');
  const lines = whole.match(/.{1,64}/g)?.join('\n') ?? '';
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
    privateKey,
  };
}
