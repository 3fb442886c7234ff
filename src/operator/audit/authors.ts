import { sentences } from '#base/sentence/index.ts';

/** The operator's own parts that sign entries; the code is what stands as the author, and no person may sign as one of them. */
export const PROGRAM_AUTHORS = sentences({
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
});

/** One of them. */
export type ProgramAuthor = (typeof PROGRAM_AUTHORS.codes)[number];
