/*
 * mm-probe: a probe of a member's container, done inside it.
 *
 *   mm-probe --tcp PORT            whether the port is open
 *   mm-probe --http PORT PATH      whether a GET is answered with a status of 200 to 399
 *   mm-probe -- COMMAND [ARG...]   whether the command ends well
 *
 * While the container is a placeholder that waits for a process (there is no /mm/pmem/adopted), every probe passes: the
 * kubelet would kill it otherwise, and a StatefulSet would wait for it. From then on the probe does its work. The address is
 * the pod's (MM_POD_IP), as it would be the kubelet's. How long a probe may take is the kubelet's business, which ends it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADOPTED_FILE "/mm/pmem/adopted"
#define EXIT_USAGE 125

static int usage(void)
{
	fputs("usage: mm-probe --tcp PORT | --http PORT PATH | -- COMMAND [ARG...]\n", stderr);
	return EXIT_USAGE;
}

static int fail(const char *what)
{
	fprintf(stderr, "mm-probe: %s: %s\n", what, strerror(errno));
	return 1;
}

static int open_connection(const char *address, unsigned short port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;

	if (!is_v4 && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	int connection = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection < 0)
		return -1;
	const struct sockaddr *to = is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
	if (connect(connection, to, is_v4 ? sizeof(v4) : sizeof(v6)) != 0) {
		int error = errno;

		close(connection);
		errno = error;
		return -1;
	}
	return connection;
}

/* "HTTP/1.1 200 OK": the status is all that counts. */
static int ask(int connection, const char *address, long port, const char *path)
{
	char request[2048], answer[16];
	size_t got = 0;
	bool v6 = strchr(address, ':') != NULL;
	int length = snprintf(request, sizeof(request),
			      "GET %s HTTP/1.1\r\nHost: %s%s%s:%ld\r\nUser-Agent: mm-probe\r\nAccept: */*\r\n"
			      "Connection: close\r\n\r\n",
			      path, v6 ? "[" : "", address, v6 ? "]" : "", port);

	if (length >= (int)sizeof(request)) {
		errno = ENAMETOOLONG;
		return fail(path);
	}
	if (send(connection, request, length, MSG_NOSIGNAL) != length)
		return fail("cannot ask");
	while (got < sizeof(answer) - 1) {
		ssize_t part = recv(connection, answer + got, sizeof(answer) - 1 - got, 0);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return fail("no answer");
		if (part == 0)
			break;
		got += part;
	}
	answer[got] = '\0';
	int status = 0;
	if (sscanf(answer, "HTTP/%*d.%*d %d", &status) != 1 || status < 200 || status > 399) {
		fprintf(stderr, "mm-probe: %s answers: %s\n", path, answer);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct stat adopted;
	bool http = argc == 4 && strcmp(argv[1], "--http") == 0;
	bool tcp = argc == 3 && strcmp(argv[1], "--tcp") == 0;
	bool command = argc > 2 && strcmp(argv[1], "--") == 0;

	if (!http && !tcp && !command)
		return usage();
	if (stat(ADOPTED_FILE, &adopted) != 0) {
		if (errno == ENOENT)
			return 0;
		return fail(ADOPTED_FILE);
	}
	if (command) {
		execvp(argv[2], argv + 2);
		return fail(argv[2]);
	}
	char *end;
	long port = strtol(argv[2], &end, 10);
	if (*end != '\0' || port < 1 || port > 65535)
		return usage();
	const char *address = getenv("MM_POD_IP");
	if (!address || !*address)
		address = "127.0.0.1";
	int connection = open_connection(address, port);
	if (connection < 0)
		return fail(address);
	return http ? ask(connection, address, port, argv[3]) : 0;
}
