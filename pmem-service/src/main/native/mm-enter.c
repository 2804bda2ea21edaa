/*
 * mm-enter: runs a command inside a member's container without a shell, an nsenter or any other program.
 *
 *   mm-enter --target PID [--cgroups] [--urgent] [--last-pid N] [--fd NEW=OLD]... -- COMMAND [ARG...]
 *   mm-enter --target PID --signal N
 *
 *   --target PID    the process (host's PID) whose namespaces are joined: all that differ from ours, save user
 *   --cgroups       join its cgroups too, on every hierarchy: what the command starts is limited and counted with it
 *   --urgent        run the command ahead of everything that is not real-time: while it works, a member stands still.
 *                   It helped on a busy machine with the volume on disk; with the volume in memory no gain was seen
 *   --last-pid N    first push the PID counter of the namespace to N, so that the command and its children do not
 *                   take PIDs that a restore needs
 *   --fd NEW=OLD    give the command the target's file descriptor OLD as NEW
 *   --signal N      only send the signal to the target
 *
 * COMMAND is looked up inside; what it writes is open to nobody else (umask 077). Ends with its status (128 + signal
 * where a signal ended it), or with 125 where it was not started; a signal sent to mm-enter goes to the command.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_NOT_STARTED 125
#define MAX_FDS 16

static volatile sig_atomic_t child;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
	int error = errno;
	va_list args;

	fputs("mm-enter: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	if (error)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
	exit(EXIT_NOT_STARTED);
}

static long number(const char *text, const char *option)
{
	char *end;
	long value = strtol(text, &end, 10);

	errno = 0;
	if (end == text || *end || value < 0 || value > INT_MAX)
		fail("%s is no number: %s", option, text);
	return value;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("cannot write to %s", path);
	close(fd);
}

/* True where the comma-separated list has the word. */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return true;
	return false;
}

/*
 * Writes ourselves into the cgroup CGROUP of the hierarchy that is named by its first controller ("memory",
 * "name=systemd"), or of the unified one where the name is empty.
 */
static void join_cgroup(const char *controller, const char *cgroup)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[2 * PATH_MAX], root[PATH_MAX], point[PATH_MAX], type[64], options[512], path[2 * PATH_MAX + 16];

	if (!mounts)
		fail("cannot read the mounts");
	while (fgets(line, sizeof(line), mounts)) {
		const char *tail = strstr(line, " - ");

		if (!tail || sscanf(line, "%*s %*s %*s %4095s %4095s", root, point) != 2 ||
		    sscanf(tail, " - %63s %*s %511s", type, options) != 2)
			continue;
		if (*controller ? strcmp(type, "cgroup") != 0 || !has_word(options, controller)
				: strcmp(type, "cgroup2") != 0)
			continue;
		/* A mount may show only a part of its hierarchy. */
		size_t hidden = strcmp(root, "/") == 0 ? 0 : strlen(root);
		if (strncmp(cgroup, root, hidden) != 0)
			continue;
		fclose(mounts);
		snprintf(path, sizeof(path), "%s%s/cgroup.procs", point, cgroup + hidden);
		write_file(path, "0");
		return;
	}
	fclose(mounts);
	/* A hierarchy that is mounted nowhere limits nothing that we could join. */
}

static void join_cgroups(long target)
{
	char path[64], line[PATH_MAX + 256];

	snprintf(path, sizeof(path), "/proc/%ld/cgroup", target);
	FILE *cgroups = fopen(path, "re");
	if (!cgroups)
		fail("cannot read %s", path);
	while (fgets(line, sizeof(line), cgroups)) { /* 4:memory,cpu:/path */
		char *controllers = strchr(line, ':');
		char *cgroup = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!cgroup)
			continue;
		*controllers++ = '\0';
		*cgroup++ = '\0';
		cgroup[strcspn(cgroup, "\n")] = '\0';
		controllers[strcspn(controllers, ",")] = '\0';
		join_cgroup(controllers, cgroup);
	}
	fclose(cgroups);
}

struct namespace {
	const char *name;
	int fd;
};

/* The mount namespace comes last: with it the host's /proc is out of sight. */
static struct namespace namespaces[] = {{"cgroup", -1}, {"ipc", -1}, {"uts", -1},
					{"net", -1},	{"pid", -1}, {"mnt", -1}};
#define NAMESPACES (sizeof(namespaces) / sizeof(namespaces[0]))

static void open_namespaces(long target)
{
	for (size_t i = 0; i < NAMESPACES; i++) {
		char theirs[64], ours[64];
		struct stat a, b;

		snprintf(theirs, sizeof(theirs), "/proc/%ld/ns/%s", target, namespaces[i].name);
		snprintf(ours, sizeof(ours), "/proc/self/ns/%s", namespaces[i].name);
		if (stat(theirs, &a) != 0 || stat(ours, &b) != 0)
			fail("cannot see the namespace %s", theirs);
		if (a.st_ino == b.st_ino)
			continue;
		namespaces[i].fd = open(theirs, O_RDONLY | O_CLOEXEC);
		if (namespaces[i].fd < 0)
			fail("cannot open the namespace %s", theirs);
	}
}

static void join_namespaces(bool of_processes)
{
	for (size_t i = 0; i < NAMESPACES; i++)
		if (namespaces[i].fd >= 0 && (strcmp(namespaces[i].name, "pid") == 0) == of_processes &&
		    setns(namespaces[i].fd, 0) != 0)
			fail("cannot join the %s namespace", namespaces[i].name);
}

/*
 * The counter is written by a process that is in the PID namespace and still sees the host's /proc (the container's
 * is read-only there). That process itself has a PID of before the push, so it does nothing else and is gone before
 * the command starts.
 */
static void push_last_pid(const char *last_pid)
{
	int status;
	pid_t pusher = fork();

	if (pusher < 0)
		fail("cannot fork");
	if (pusher == 0) {
		write_file("/proc/sys/kernel/ns_last_pid", last_pid);
		_exit(0);
	}
	if (waitpid(pusher, &status, 0) != pusher || status != 0) {
		errno = 0;
		fail("cannot push the PID counter to %s", last_pid);
	}
}

static void forward(int signal)
{
	if (child > 0)
		kill(child, signal);
}

int main(int argc, char **argv)
{
	long target = 0, signal_number = 0;
	bool cgroups = false, urgent = false;
	const char *last_pid = NULL;
	struct {
		int new, old, copy;
	} fds[MAX_FDS];
	int fd_count = 0, next = 1;

	for (; next < argc && strcmp(argv[next], "--") != 0; next++) {
		const char *option = argv[next];
		char *value = next + 1 < argc ? argv[next + 1] : "";

		if (strcmp(option, "--cgroups") == 0) {
			cgroups = true;
			continue;
		}
		if (strcmp(option, "--urgent") == 0) {
			urgent = true;
			continue;
		}
		next++;
		if (strcmp(option, "--target") == 0)
			target = number(value, option);
		else if (strcmp(option, "--signal") == 0)
			signal_number = number(value, option);
		else if (strcmp(option, "--last-pid") == 0) {
			number(value, option);
			last_pid = value;
		} else if (strcmp(option, "--fd") == 0 && fd_count < MAX_FDS && strchr(value, '=')) {
			char *old = strchr(value, '=');

			*old++ = '\0';
			fds[fd_count].new = number(value, option);
			fds[fd_count++].old = number(old, option);
		} else {
			errno = 0;
			fail("option not understood: %s %s", option, value);
		}
	}
	if (target <= 0 || (next + 1 >= argc) == (signal_number == 0)) {
		fputs("usage: mm-enter --target PID [--cgroups] [--urgent] [--last-pid N] [--fd NEW=OLD]... -- COMMAND [ARG...]\n"
		      "       mm-enter --target PID --signal N\n",
		      stderr);
		return EXIT_NOT_STARTED;
	}

	/* All that is named by the host's PID is opened before the host's /proc is left. */
	int process = syscall(SYS_pidfd_open, (pid_t)target, 0);
	if (process < 0)
		fail("no process %ld", target);
	if (signal_number) {
		if (syscall(SYS_pidfd_send_signal, process, (int)signal_number, NULL, 0) != 0)
			fail("cannot send signal %ld to %ld", signal_number, target);
		return 0;
	}
	for (int i = 0; i < fd_count; i++) {
		int fd = syscall(SYS_pidfd_getfd, process, fds[i].old, 0);

		if (fd < 0)
			fail("cannot take file descriptor %d of %ld", fds[i].old, target);
		/* Out of the way of the numbers asked for. */
		fds[i].copy = fcntl(fd, F_DUPFD_CLOEXEC, 200);
		close(fd);
	}
	open_namespaces(target);
	if (cgroups)
		join_cgroups(target);

	join_namespaces(true);
	if (last_pid)
		push_last_pid(last_pid);
	join_namespaces(false);

	const int forwarded[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		signal(forwarded[i], forward);

	/* A PID namespace holds only for processes that are born after it was joined. */
	child = fork();
	if (child < 0)
		fail("cannot fork");
	if (child == 0) {
		for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
			signal(forwarded[i], SIG_DFL);
		for (int i = 0; i < fd_count; i++)
			if (dup2(fds[i].copy, fds[i].new) < 0)
				fail("cannot give file descriptor %d", fds[i].new);
		/* What CRIU writes is a process's memory. A restored process has its own mask, from its image. */
		umask(077);
		/* Where real-time is not allowed the work is done all the same, only slower. */
		const struct sched_param priority = {.sched_priority = 1};
		if (urgent && sched_setscheduler(0, SCHED_RR, &priority) != 0)
			perror("mm-enter: no real-time priority");
		execvp(argv[next + 1], argv + next + 1);
		fail("cannot start %s", argv[next + 1]);
	}

	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			fail("cannot wait");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
