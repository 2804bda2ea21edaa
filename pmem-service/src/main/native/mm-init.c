/*
 * mm-init: PID 1 of a member's container.
 *
 *   mm-init -- COMMAND [ARG...]          start COMMAND and stand in for it
 *   mm-init --wait [-- COMMAND [ARG...]] start nothing; stand in for the process that is restored here
 *   mm-init --prepare                    empty the member's folder and make that of the heap; end
 *
 * CRIU cannot restore a process as PID 1 of a container that already runs, and it wants the root of what it
 * dumps to lead its session. So the application is never PID 1: it runs as a session of its own under this
 * program, which forwards every signal to it, reaps every orphan (a zombie would block its PID at the next
 * restore) and ends with its exit status, so that the container's runtime sees no difference.
 *
 * With --wait the command is accepted and ignored: a placeholder is the same container with one word more.
 * Whoever restores the process writes its PID to /mm/pmem/adopt and sends SIGUSR1. The file is then renamed to
 * "adopted", or to "adopt-refused" where the PID is not a child of this one; from "adopted" on, a placeholder
 * behaves as if it had started the process itself.
 *
 * --prepare is for an init container, which runs as root once in each pod: the folder belongs to the member's name, so an
 * earlier incarnation has left things in it. The heap's folder is open to whatever user the application runs as; nobody
 * else sees it, since the folders above it are root's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "/mm/pmem"
#define HEAP_FOLDER "/mm/pmem/heap"
#define ADOPT_FILE "/mm/pmem/adopt"
#define ADOPTED_FILE "/mm/pmem/adopted"
#define REFUSED_FILE "/mm/pmem/adopt-refused"

/* What a shell says where a command cannot be started. */
#define EXIT_USAGE 125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND 127

static pid_t start(char **command, const sigset_t *inherited_mask)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;

	setsid();
	sigprocmask(SIG_SETMASK, inherited_mask, NULL);
	execvp(command[0], command);
	int error = errno;
	fprintf(stderr, "mm-init: cannot start %s: %s\n", command[0], strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/* The PID that stands in the adopt file, or 0 where there is none or it is not a living child of ours. */
static pid_t read_adopted(void)
{
	FILE *file = fopen(ADOPT_FILE, "re");
	int pid = 0;
	siginfo_t state;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);

	/* waitid fails for a stranger and for what was reaped already, and takes nothing from a child. */
	if (pid <= 1 || waitid(P_PID, pid, &state, WEXITED | WNOHANG | WNOWAIT) != 0) {
		fprintf(stderr, "mm-init: asked to adopt %d, which is no child of mine\n", pid);
		rename(ADOPT_FILE, REFUSED_FILE);
		return 0;
	}
	rename(ADOPT_FILE, ADOPTED_FILE);
	return pid;
}

/* Reaps all that has ended. Does not return where the application is among them. */
static void reap(pid_t application)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == application)
			exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	}
}

static int remove_entry(const char *path, const struct stat *state, int type, struct FTW *place)
{
	(void)state;
	(void)type;
	return place->level == 0 ? 0 : remove(path);
}

/* FTW_MOUNT and FTW_PHYS: nothing outside of the folder is followed to, whatever the application left there. */
static int prepare(void)
{
	if (nftw(FOLDER, remove_entry, 16, FTW_DEPTH | FTW_MOUNT | FTW_PHYS) != 0) {
		perror("mm-init: cannot empty " FOLDER);
		return 1;
	}
	if (mkdir(HEAP_FOLDER, 0777) != 0 || chmod(HEAP_FOLDER, 0777) != 0) {
		perror("mm-init: cannot make " HEAP_FOLDER);
		return 1;
	}
	return 0;
}

static bool is_request_to_end(int signal)
{
	return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT || signal == SIGHUP;
}

static int usage(void)
{
	fputs("usage: mm-init [--wait] -- COMMAND [ARG...] | --prepare\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	int next = 1;
	bool wait = next < argc && strcmp(argv[next], "--wait") == 0;
	sigset_t all, inherited;
	pid_t application = 0;

	if (argc == 2 && strcmp(argv[1], "--prepare") == 0)
		return prepare();
	next += wait;
	if (next < argc && strcmp(argv[next], "--") == 0)
		next++;
	else if (next < argc || !wait)
		return usage();
	if (!wait && next == argc)
		return usage();

	/*
	 * Blocked signals stay pending until sigwaitinfo takes them, so none is lost between two of its calls; and
	 * PID 1 gets from inside its container only signals that it handles or blocks.
	 */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &inherited);

	if (!wait) {
		application = start(argv + next, &inherited);
		if (application < 0) {
			perror("mm-init: fork");
			return EXIT_NOT_EXECUTABLE;
		}
	}

	for (;;) {
		int signal = sigwaitinfo(&all, NULL);

		if (signal < 0)
			continue; /* EINTR: a stop and continue of this process */
		if (signal == SIGCHLD)
			reap(application);
		else if (application > 0)
			kill(application, signal);
		else if (signal == SIGUSR1) {
			application = read_adopted();
			/* It may have ended before it was adopted. Its SIGCHLD is then gone, its status is not. */
			reap(application);
		} else if (is_request_to_end(signal))
			return 128 + signal;
	}
}
