/** The document that `assay uicc profile example` prints and docs/profile.md explains. Keys that are not here are drawn. */
export const EXAMPLE_PROFILE: string = `{
  "profile": 1,
  "iccid": "8988211000000000300",
  "imsi": "001010000000030",
  "msisdn": "99970000030",
  "mncLength": 2,
  "algorithm": { "kind": "milenage", "k": "fresh", "opc": "fresh" },
  "sequence": { "indBits": 5, "delta": 268435456 },
  "suci": { "by": "terminal", "scheme": "profile-a", "routingIndicator": "17" },
  "ims": { "domain": "ims.example.org", "proxies": ["pcscf.example.org"] },
  "pins": { "pin1": "1234", "unblock1": "12345678", "pin2": "2345", "unblock2": "87654321", "adm": "fresh" },
  "lock": { "policy": { "graceAuthentications": 3, "reportEvery": 1000 } },
  "management": {
    "remoteFiles": [{ "tar": "B00010", "minimumLevel": "level16", "application": "A0000000871002", "granted": "010A" }]
  },
  "directories": [
    { "path": "7FF2", "aid": "A0000000871002FFFFFFFF8907090001", "label": "Work", "rules": "6F06" },
    { "path": "7F66" }
  ],
  "files": {
    "ADF.USIM/EF.SPN": { "value": { "display": { "showNetwork": true, "hideElsewhere": false }, "name": "Example" } },
    "ADF.USIM/EF.OPLMNwAcT": { "size": 10, "hex": "00F110C08000F120C080" },
    "ADF.USIM/EF.SMS": { "count": 20 },
    "ADF.USIM/EF.ECC": { "size": 8, "count": 2, "records": { "1": { "hex": "11F2FF00" } } },
    "EF.ARR": { "count": 14, "records": { "14": { "hex": "8001019000800102A40683010B950108" } } },
    "7FF2/EF.ARR": {},
    "7FF2/EF.IMSI": {},
    "7FF2/EF.SPN": { "value": { "display": { "showNetwork": true, "hideElsewhere": false }, "name": "Work" } },
    "7F66/6F01": { "structure": "linear", "size": 16, "count": 4, "sfi": 1, "rule": 14, "records": { "1": { "hex": "0102" } } },
    "7F66/6F02": { "structure": "transparent", "size": 32, "access": { "read": "always", "update": ["adm1", "pin2"] } }
  },
  "removed": ["ADF.USIM/EF.GID1", "ADF.USIM/EF.GID2"]
}
`;
