"""A PC/SC client on pyscard: one JSON request a line in, one JSON answer a line out. Errors are answers: {"error": "8010000B"}."""
import json
import sys
import time

from smartcard.scard import (
    SCARD_LEAVE_CARD,
    SCARD_PROTOCOL_T0,
    SCARD_PROTOCOL_T1,
    SCARD_RESET_CARD,
    SCARD_S_SUCCESS,
    SCARD_SCOPE_USER,
    SCARD_SHARE_EXCLUSIVE,
    SCARD_SHARE_SHARED,
    SCARD_STATE_PRESENT,
    SCARD_STATE_UNAWARE,
    SCardConnect,
    SCardDisconnect,
    SCardEstablishContext,
    SCardGetStatusChange,
    SCardListReaders,
    SCardReconnect,
    SCardStatus,
    SCardTransmit,
)

PROTOCOLS = {"T=0": SCARD_PROTOCOL_T0, "T=1": SCARD_PROTOCOL_T1, "any": SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1}
context = None
cards = {}


class Refused(Exception):
    pass


def checked(answer):
    result, *rest = answer if isinstance(answer, (list, tuple)) else [answer]
    if result != SCARD_S_SUCCESS:
        raise Refused("%08X" % (result & 0xFFFFFFFF))
    return rest


def readers():
    return sorted(checked(SCardListReaders(context, []))[0])


def establish():
    global context
    context = checked(SCardEstablishContext(SCARD_SCOPE_USER))[0]
    return {}


def states():
    changes = checked(SCardGetStatusChange(context, 0, [(name, SCARD_STATE_UNAWARE) for name in readers()]))[0]
    return {"readers": [name for name, _, _ in changes], "present": [bool(s & SCARD_STATE_PRESENT) for _, s, _ in changes]}


def connect(slot, protocol="any", exclusive=False):
    share = SCARD_SHARE_EXCLUSIVE if exclusive else SCARD_SHARE_SHARED
    card, active = checked(SCardConnect(context, readers()[slot], share, PROTOCOLS[protocol]))
    cards[slot] = (card, active)
    atr = checked(SCardStatus(card))[3]
    return {"protocol": "T=0" if active == SCARD_PROTOCOL_T0 else "T=1", "atr": bytes(atr).hex().upper()}


def transmit(slot, apdu):
    card, active = cards[slot]
    return {"response": bytes(checked(SCardTransmit(card, active, list(bytes.fromhex(apdu))))[0]).hex().upper()}


def time_of(slot, apdu, count):
    card, active = cards[slot]
    octets = list(bytes.fromhex(apdu))
    took = []
    for _ in range(count):
        start = time.perf_counter()
        checked(SCardTransmit(card, active, octets))
        took.append(time.perf_counter() - start)
    return {"milliseconds": sorted(1000 * one for one in took)}


def reset(slot):
    card, _ = cards[slot]
    active = checked(SCardReconnect(card, SCARD_SHARE_SHARED, PROTOCOLS["any"], SCARD_RESET_CARD))[0]
    cards[slot] = (card, active)
    return {}


def disconnect(slot):
    checked(SCardDisconnect(cards.pop(slot)[0], SCARD_LEAVE_CARD))
    return {}


OPERATIONS = {
    "establish": establish,
    "states": states,
    "connect": connect,
    "transmit": transmit,
    "time": time_of,
    "reset": reset,
    "disconnect": disconnect,
}
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = OPERATIONS[request.pop("do")](**request)
    except Refused as refused:
        answer = {"error": str(refused)}
    print(json.dumps(answer), flush=True)
