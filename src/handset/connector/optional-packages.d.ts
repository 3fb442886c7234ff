// What the connector uses of packages that Assay runs without: installed by hand where they are wanted, loaded when they are needed.

declare module 'smartcard' {
  export interface Card {
    readonly protocol: number;
    getStatus(): { readonly atr: Uint8Array };
    transmit(command: Uint8Array, options: { readonly maxRecvLength: number }): Promise<Uint8Array>;
    reconnect(share: number, protocols: number, initialization: number): Promise<number>;
    disconnect(disposition: number): void;
  }
  export interface Reader {
    readonly name: string;
    readonly state: number;
    readonly atr: Uint8Array | null;
    connect(share: number, protocols: number): Promise<Card>;
  }
  export const Context: new () => {
    listReaders(): Reader[];
    close(): void;
  };
}

declare module 'serialport' {
  export class SerialPort {
    constructor(options: { readonly path: string; readonly baudRate: number }, opened: (error: Error | null) => void);
    write(octets: Uint8Array): boolean;
    on(event: 'data', handler: (octets: Uint8Array) => void): this;
    on(event: 'close', handler: () => void): this;
    on(event: 'error', handler: (error: Error) => void): this;
    close(): void;
  }
}
