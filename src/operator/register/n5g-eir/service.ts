/** The name of the service, also the scope of its tokens (TS 29.511 5.1, TS 29.510 6.1.6.3.11). */
export const SERVICE_NAME = 'n5g-eir-eic';
/** The network function that offers it (TS 29.510 6.1.6.3.3). */
export const NF_TYPE = '5G_EIR';
/** Major version, in every URI. */
export const API_VERSION = 'v1';
/** Version of the OpenAPI file of TS 29.511 V19.1.0. */
export const API_FULL_VERSION = '1.4.0';
/** The only resource (TS 29.511 6.1.3.2). */
export const RESOURCE = 'equipment-status';
