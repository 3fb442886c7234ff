/*
 * An MSC as far as GSUP goes, on the library that osmo-msc itself uses: check-imei HOST PORT NAME
 * Reads lines: "check IMSI IMEI", "auth IMSI", "update IMSI". Prints a line for every message received, and "up" or "down" for the link.
 * Insert Subscriber Data is answered, as an MSC does within a location update.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/gsm/gsm48_ie.h>
#include <osmocom/gsm/gsup.h>
#include <osmocom/gsm/ipa.h>
#include <osmocom/gsupclient/gsup_client.h>

static struct osmo_gsup_client *link_to_hlr;

static void send_message(const struct osmo_gsup_message *message)
{
	if (osmo_gsup_client_enc_send(link_to_hlr, message) != 0)
		printf("not sent\n");
}

static int on_message(struct osmo_gsup_client *client, struct msgb *msg)
{
	struct osmo_gsup_message got;
	(void)client;
	if (osmo_gsup_decode(msgb_l2(msg), msgb_l2len(msg), &got) != 0) {
		printf("undecodable\n");
	} else {
		printf("%02x imsi %s result %d cause %d vectors %zu\n", got.message_type, got.imsi, got.imei_result, got.cause,
		       got.num_auth_vectors);
		if (got.message_type == OSMO_GSUP_MSGT_INSERT_DATA_REQUEST) {
			struct osmo_gsup_message taken = { .message_type = OSMO_GSUP_MSGT_INSERT_DATA_RESULT,
							   .message_class = got.message_class };
			OSMO_STRLCPY_ARRAY(taken.imsi, got.imsi);
			send_message(&taken);
		}
	}
	msgb_free(msg);
	return 0;
}

static bool on_link(struct osmo_gsup_client *client, bool is_up)
{
	(void)client;
	printf(is_up ? "up\n" : "down\n");
	return true;
}

static void check_imei(const char *imsi, const char *imei)
{
	struct osmo_gsup_message ask = { .message_type = OSMO_GSUP_MSGT_CHECK_IMEI_REQUEST,
					 .message_class = OSMO_GSUP_MESSAGE_CLASS_SUBSCRIBER_MANAGEMENT };
	uint8_t digits[12];
	int length = gsm48_encode_bcd_number(digits, sizeof(digits), 0, imei);
	if (length < 0) {
		printf("not sent\n");
		return;
	}
	ask.imei_enc = digits;
	ask.imei_enc_len = length;
	OSMO_STRLCPY_ARRAY(ask.imsi, imsi);
	send_message(&ask);
}

static void ask_about(enum osmo_gsup_message_type type, const char *imsi)
{
	struct osmo_gsup_message ask = { .message_type = type,
					 .cn_domain = OSMO_GSUP_CN_DOMAIN_CS,
					 .message_class = OSMO_GSUP_MESSAGE_CLASS_SUBSCRIBER_MANAGEMENT };
	OSMO_STRLCPY_ARRAY(ask.imsi, imsi);
	send_message(&ask);
}

static void obey(char *line)
{
	char imsi[16], imei[20];
	if (sscanf(line, "check %15s %19s", imsi, imei) == 2)
		check_imei(imsi, imei);
	else if (sscanf(line, "auth %15s", imsi) == 1)
		ask_about(OSMO_GSUP_MSGT_SEND_AUTH_INFO_REQUEST, imsi);
	else if (sscanf(line, "update %15s", imsi) == 1)
		ask_about(OSMO_GSUP_MSGT_UPDATE_LOCATION_REQUEST, imsi);
	else
		printf("not understood\n");
}

static int on_input(struct osmo_fd *input, unsigned int what)
{
	static char text[512];
	static size_t filled;
	char *end;
	ssize_t count = read(input->fd, text + filled, sizeof(text) - 1 - filled);
	(void)what;
	if (count <= 0)
		exit(0);
	filled += count;
	text[filled] = '\0';
	while ((end = strchr(text, '\n'))) {
		*end = '\0';
		obey(text);
		filled -= end + 1 - text;
		memmove(text, end + 1, filled + 1);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct log_info no_logs;
	static struct osmo_fd input;
	static struct ipaccess_unit unit = { .swversion = "1" };
	struct osmo_gsup_client_config config = { .ipa_dev = &unit, .read_cb = on_message, .up_down_cb = on_link };

	if (argc != 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	osmo_init_logging2(talloc_named_const(NULL, 0, "check-imei"), &no_logs);
	unit.unit_name = argv[3];
	unit.serno = argv[3];
	config.ip_addr = argv[1];
	config.tcp_port = atoi(argv[2]);
	link_to_hlr = osmo_gsup_client_create3(NULL, &config);
	if (!link_to_hlr)
		return 1;
	osmo_fd_setup(&input, 0, OSMO_FD_READ, on_input, NULL, 0);
	if (osmo_fd_register(&input) != 0)
		return 1;
	for (;;)
		osmo_select_main(0);
}
