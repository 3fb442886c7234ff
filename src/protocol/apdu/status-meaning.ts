/** What a status word says, for people, and where it is written. */
export interface StatusMeaning {
  readonly text: string;
  readonly clause: string;
}

const ETSI = (clause: string) => `TS 102 221 ${clause}`;
const WORDS: ReadonlyMap<number, readonly [text: string, clause: string]> = new Map([
  [0x9000, ['normal end', ETSI('10.2.1.1')]],
  [0x9300, ['the toolkit is busy: try again later', ETSI('10.2.1.2')]],
  [0x6200, ['no information given, memory unchanged', ETSI('10.2.1.3')]],
  [0x6281, ['part of the data may be corrupted', ETSI('10.2.1.3')]],
  [0x6282, ['the end of file or record came before Le octets, or nothing was found', ETSI('10.2.1.3')]],
  [0x6283, ['the selected file is deactivated', ETSI('10.2.1.3')]],
  [0x6285, ['the selected file is terminated', ETSI('10.2.1.3')]],
  [0x62f1, ['more data is available', ETSI('10.2.1.3')]],
  [0x62f2, ['more data is available, and a proactive command waits', ETSI('10.2.1.3')]],
  [0x62f3, ['response data is available', ETSI('10.2.1.3')]],
  [0x6300, ['authentication failed', 'GPC 2.3.1 11.1.3']],
  [0x63f1, ['more data is expected', ETSI('10.2.1.3')]],
  [0x6400, ['execution error, memory unchanged', ETSI('10.2.1.4')]],
  [0x6500, ['execution error, memory changed', ETSI('10.2.1.4')]],
  [0x6581, ['memory problem', ETSI('10.2.1.4')]],
  [0x6700, ['wrong length', ETSI('10.2.1.5')]],
  [0x6881, ['logical channel not supported', ETSI('10.2.1.6')]],
  [0x6882, ['secure messaging not supported', ETSI('10.2.1.6')]],
  [0x6981, ['the command does not fit the structure of the file', ETSI('10.2.1.7')]],
  [0x6982, ['security status not satisfied: a PIN or key has to be verified first', ETSI('10.2.1.7')]],
  [0x6983, ['authentication method blocked: no tries left', ETSI('10.2.1.7')]],
  [0x6984, ['the referenced data is invalidated', ETSI('10.2.1.7')]],
  [0x6985, ['conditions of use not satisfied', ETSI('10.2.1.7')]],
  [0x6986, ['command not allowed: no EF selected', ETSI('10.2.1.7')]],
  [0x6989, ['command not allowed: secure channel or security not satisfied', ETSI('10.2.1.7')]],
  [0x6a80, ['wrong parameters in the data field', ETSI('10.2.1.8')]],
  [0x6a81, ['function not supported', ETSI('10.2.1.8')]],
  [0x6a82, ['file not found', ETSI('10.2.1.8')]],
  [0x6a83, ['record not found', ETSI('10.2.1.8')]],
  [0x6a84, ['not enough memory', ETSI('10.2.1.8')]],
  [0x6a86, ['wrong P1 or P2', ETSI('10.2.1.8')]],
  [0x6a87, ['Lc does not fit P1 and P2', ETSI('10.2.1.8')]],
  [0x6a88, ['referenced data not found', ETSI('10.2.1.8')]],
  [0x6a89, ['the file exists already', 'TS 102 222 6.3']],
  [0x6a8a, ['the name of the DF exists already', 'TS 102 222 6.3']],
  [0x6b00, ['wrong P1 or P2, or an offset outside the file', ETSI('10.2.1.5')]],
  [0x6d00, ['the card does not have this instruction', ETSI('10.2.1.5')]],
  [0x6e00, ['the card does not have this class', ETSI('10.2.1.5')]],
  [0x6f00, ['no diagnosis', ETSI('10.2.1.5')]],
  [0x9850, ['INCREASE cannot be done: the maximum is reached', ETSI('10.2.1.9')]],
  [0x9862, ['authentication error: the MAC is wrong', 'TS 31.102 7.3.1']],
  [0x9863, ['security session or association expired', 'TS 31.102 7.3.1']],
  [0x9864, ['security context not supported', 'TS 31.102 7.3.1']],
  [0x9865, ['key freshness failure', 'TS 31.102 7.3.1']],
  [0x9866, ['authentication error: no memory', 'TS 31.102 7.3.1']],
]);

/** A status word in words (TS 102 221 10.2, TS 31.102 7.3, GPC 11.1.3). */
export function statusMeaning(statusWord: number): StatusMeaning {
  const found = WORDS.get(statusWord);
  if (found !== undefined) return { text: found[0], clause: found[1] };
  const [sw1, sw2] = [statusWord >> 8, statusWord & 0xff];
  const octets = sw2 === 0 ? 256 : sw2;
  if (sw1 === 0x61) return { text: `${octets} octets wait for GET RESPONSE`, clause: ETSI('10.2.1.1') };
  if (sw1 === 0x6c) return { text: `wrong Le: ${octets} is right`, clause: ETSI('10.2.1.5') };
  if (sw1 === 0x91)
    return { text: `normal end; a proactive command of ${octets} octets waits for FETCH`, clause: ETSI('10.2.1.1') };
  if (sw1 === 0x92) return { text: 'normal end; about the transfer of data', clause: ETSI('10.2.1.1') };
  if (statusWord >> 4 === 0x63c)
    return {
      text: `verification failed, ${sw2 & 0x0f} tries left; or done after as many internal tries`,
      clause: ETSI('10.2.1.3'),
    };
  return { text: 'a status word that the standards do not name', clause: ETSI('10.2') };
}
