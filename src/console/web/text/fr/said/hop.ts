import type { Operations } from '../../../api/document.ts';

/** Un message du laboratoire, tel que l’API le décrit. */
export type DescribedHop = Operations['GET /api/v1/laboratory/hops/{hop}']['answer'];
type Hop = DescribedHop['hop'];

/** Les noms de messages qui décrivent. */
export const hopName: Readonly<Record<NonNullable<Hop['named']>['code'], string>> = {
  reset: 'remise à zéro : ATR',
  noCommand: 'pas une commande',
  noMessage: 'pas un message',
  proactiveCommand: 'commande proactive',
  selectSupport: '{carrier}SELECT support de stockage',
  uiccCertificate: '{carrier}PSO (certificat de l’UICC)',
  staticKey: '{carrier}INTERNAL AUTHENTICATE (clé statique)',
  pairingKeys: '{carrier}PUT KEY (clés d’appariement)',
  certificate: '{carrier}GET DATA (certificat)',
  imei: '{carrier}GET DATA (IMEI)',
  imeiProtected: '{carrier}GET DATA (IMEI, protégé)',
  secondImeiProtected: '{carrier}GET DATA (second IMEI, protégé)',
  imeiSvProtected: '{carrier}GET DATA (IMEISV, protégé)',
  identityProtected: '{carrier}GET DATA (identité, protégée)',
  claimedImei: 'PROVIDE LOCAL INFORMATION (IMEI)',
  report: 'rapport',
  answerPermit: 'réponse : autoriser',
  answerTrack: 'réponse : suivre',
  answerBlock: 'réponse : bloquer',
  answerStopKeys: 'réponse : arrêter les clés',
  answerUnblock: 'réponse : débloquer',
  answerRePair: 'réponse : apparier de nouveau',
  answerReportNow: 'réponse : rapport immédiat',
  answerSetPolicy: 'réponse : changer les règles',
  answerSetRoots: 'réponse : changer les racines des fabricants',
  proofOfReceipt: 'accusé de réception',
  remoteManagement: 'gestion à distance',
  dropped: 'SMS PERDU',
  replayed: 'SMS RÉPÉTÉ',
  display: 'affichage',
};

/** Ce qu’il faut savoir d’un message, à côté de ses octets. */
export const hopDetail: Readonly<Record<NonNullable<Hop['detailed']>['code'], string>> = {
  vector: 'vecteur d’authentification',
  unknownSubscriber: 'abonné inconnu',
  inStep: 'de nouveau synchronisés',
  autsRefused: 'AUTS refusé',
  permitted: 'autorisé',
  tracking: 'suivi',
  prohibited: 'interdit',
  accepted: 'accepté',
  refused: 'refusé, cause RP {cause}',
  noAnswer: 'pas de réponse : {reason}',
  noMessage: 'des octets qui ne sont pas un message de couche 3 de ce réseau : écartés',
  lost: 'perdu par le laboratoire',
  repeated: 'une copie, envoyée de nouveau par le laboratoire',
};
