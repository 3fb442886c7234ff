/*
 * A PC/SC client on libpcsclite: pcsc-client READER SECONDS APDU...
 * Sends the commands (hexadecimal) one after another, again and again for so long. Prints how many were answered, the seconds that took,
 * and of one command the median and the 99th percentile in microseconds. The last response has to end in 9000.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

#define MOST_APDUS 8
#define LONGEST_APDU 261
#define MOST_COUNTED 2000000

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec + at.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	float left = *(const float *)a, right = *(const float *)b;
	return (left > right) - (left < right);
}

static void check(LONG result, const char *what)
{
	if (result == SCARD_S_SUCCESS)
		return;
	fprintf(stderr, "%s: %s\n", what, pcsc_stringify_error(result));
	exit(1);
}

int main(int argc, char **argv)
{
	static BYTE apdus[MOST_APDUS][LONGEST_APDU];
	static float took[MOST_COUNTED];
	DWORD lengths[MOST_APDUS], protocol, received = 0;
	BYTE response[MAX_BUFFER_SIZE];
	SCARDCONTEXT context;
	SCARDHANDLE card;
	int apdu_count = argc - 3, count = 0, i;
	double start, end;

	if (apdu_count < 1 || apdu_count > MOST_APDUS)
		return 2;
	for (i = 0; i < apdu_count; i++) {
		const char *text = argv[3 + i];
		lengths[i] = strlen(text) / 2;
		if (lengths[i] > LONGEST_APDU)
			return 2;
		for (DWORD at = 0; at < lengths[i]; at++)
			if (sscanf(text + 2 * at, "%2hhx", &apdus[i][at]) != 1)
				return 2;
	}
	check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), "context");
	check(SCardConnect(context, argv[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol),
	      "connect");
	start = now();
	end = start + atof(argv[2]);
	for (double before = start; before < end && count + apdu_count < MOST_COUNTED;) {
		for (i = 0; i < apdu_count; i++) {
			received = sizeof(response);
			check(SCardTransmit(card, protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, apdus[i], lengths[i],
					    NULL, response, &received),
			      "transmit");
			double after = now();
			took[count++] = (after - before) * 1e6;
			before = after;
		}
	}
	end = now();
	if (received < 2 || response[received - 2] != 0x90 || response[received - 1] != 0x00) {
		fprintf(stderr, "expected 9000 at the end\n");
		return 1;
	}
	qsort(took, count, sizeof(took[0]), by_size);
	printf("%d %f %.1f %.1f\n", count, end - start, took[count / 2], took[count - 1 - count / 100]);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	SCardReleaseContext(context);
	return 0;
}
