import type { SomeSaidTexts } from '../../texts.ts';

/** The operator's own parts, which sign by their codes; the name of a person stays as it is. */
export const author: NonNullable<SomeSaidTexts['author']> = {
  network: 'the network',
  UICC: 'the UICC',
  register: 'the register',
  evidence: 'the evidence',
  operator: 'the operator',
  retention: 'the retention of data',
  loopback: 'this machine',
  anyone: 'somebody unknown',
  laboratory: 'the laboratory',
  'laboratory 2': 'the laboratory 2',
  'assay demo': 'the demonstration',
};
