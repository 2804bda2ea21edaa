/*
 * mm-hook: CRIU's action script for a dump. Runs inside the member's container, where there is no shell and no cp.
 *
 * CRIU starts it without arguments; CRTOOLS_SCRIPT_ACTION names the phase and CRTOOLS_IMAGE_DIR the folder of the
 * images, which lies beside the heap's folder and the socket on which the pmem-service of the node listens:
 *
 *   <dir>/dump/            images; clones go to dump/heap/
 *   <dir>/heap/            heap files, among them the link_remap.* names that CRIU keeps while it dumps
 *   <dir>/hook.sock
 *
 * Lines on the socket (times are CLOCK_MONOTONIC and CLOCK_REALTIME in microseconds):
 *
 *   pre-dump    > started                     the application still runs; CRIU touches it when this ends well
 *               < early BYTES                 the heap is cloned now, bit by bit, and the clone is dropped as soon
 *                                             as less than this is free on the volume; or < late: it is not
 *               > ready
 *               < refresh                     any number of times: what was written since is cloned too
 *               > ready
 *               < note PID                    the mappings of that process are noted for mm-smaps, in MM_SMAPS
 *               > ready
 *               < go
 *               > went MONOTONIC REALTIME
 *   post-dump   > dumped MONOTONIC REALTIME   the application is frozen, the images are written
 *               > cloned NAME BYTES MICROS    for each heap file: the whole, or what changed since the early clone
 *               > captured MONOTONIC REALTIME
 *               < thaw
 *
 * Any other answer, the end of the connection (the pmem-service died), or no answer in time makes this program fail.
 * CRIU then drops the dump, removes its link_remap names and lets the application go on: before the freeze in the
 * first phase, out of it in the second.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Members wait for the slowest of them before the freeze; inside it every moment is an outage. */
#define SECONDS_UNTIL_GO 30
#define SECONDS_UNTIL_THAW 5

/* A live heap as the pmem-service names it, and what its early clone is called: this and the heap's inode. */
#define LIVE_HEAP "heap"
#define EARLY "early."

/*
 * A clone takes time by the pieces that a file lies in, and each time that part of a heap is written after a snapshot it
 * lies in more of them: 100 ms for 10,000 pieces. So all of it is cloned before the freeze, and in the freeze only what
 * was written since. While a range is cloned the kernel lets nobody dirty the file's pages: this many bytes at a time.
 */
#define AT_ONCE (16 << 20)
#define EXTENTS_AT_ONCE 2048

/* How often the free space is looked at while an early clone waits. Nothing tells when a volume fills. */
#define LOOK_MILLIS 5

static int service = -1;

static long long micros(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	int length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	/* A service that is gone shows when its answer is read; MSG_NOSIGNAL because SIGPIPE would hide the reason. */
	if (service >= 0 && send(service, line, length, MSG_NOSIGNAL) != length)
		fprintf(stderr, "mm-hook: cannot tell the pmem-service: %s\n", strerror(errno));
}

/* Standard error is CRIU's log. */
__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
	char reason[400];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	fprintf(stderr, "Error (mm-hook): %s\n", reason);
	tell("failed %s\n", reason);
	exit(1);
}

static void tell_time(const char *what)
{
	tell("%s %lld %lld\n", what, micros(CLOCK_MONOTONIC), micros(CLOCK_REALTIME));
}

static void connect_to_service(const char *images)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s/../hook.sock", images) >=
	    (int)sizeof(address.sun_path))
		fail("path of the socket too long: %s", images);
	service = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (service < 0 || connect(service, (struct sockaddr *)&address, sizeof(address)) != 0)
		fail("cannot connect to the pmem-service: %s", strerror(errno));
}

/* The service's next word. */
static const char *next_word(const char *expected, int seconds)
{
	static char answer[64];
	struct timeval timeout = {.tv_sec = seconds};
	size_t length = 0;

	setsockopt(service, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	while (length < sizeof(answer) - 1) {
		ssize_t got = recv(service, answer + length, sizeof(answer) - 1 - length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			fail("no '%s' within %d s: %s", expected, seconds, strerror(errno));
		if (got == 0)
			fail("the pmem-service went away before '%s'", expected);
		length += got;
		if (answer[length - 1] == '\n')
			break;
	}
	answer[length] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	return answer;
}

static void await(const char *expected, int seconds)
{
	const char *answer = next_word(expected, seconds);

	if (strcmp(answer, expected) != 0)
		fail("told to '%s' instead of '%s'", answer, expected);
}

static int clone_range(int from, int to, unsigned long long offset, unsigned long long length)
{
	while (length > 0) {
		struct file_clone_range range = {.src_fd = from,
						 .src_offset = offset,
						 .src_length = length < AT_ONCE ? length : AT_ONCE,
						 .dest_offset = offset};

		if (ioctl(to, FICLONERANGE, &range) != 0)
			return -1;
		offset += range.src_length;
		length -= range.src_length;
	}
	return 0;
}

static int has_room(int folder, unsigned long long floor)
{
	struct statvfs volume;

	return fstatvfs(folder, &volume) == 0 && (unsigned long long)volume.f_bavail * volume.f_frsize >= floor;
}

/* Early clones of what is no heap of the application belong to no image. */
static void remove_early(int clones)
{
	DIR *listing = fdopendir(dup(clones));
	struct dirent *entry;

	if (!listing)
		fail("cannot list the clones: %s", strerror(errno));
	rewinddir(listing);
	while ((entry = readdir(listing)))
		if (strncmp(entry->d_name, EARLY, strlen(EARLY)) == 0 && unlinkat(clones, entry->d_name, 0) != 0)
			fail("cannot remove %s: %s", entry->d_name, strerror(errno));
	closedir(listing);
}

/* The clone that is made before the freeze; no descriptor where there is none, or none any more. */
static struct {
	int from;
	int to;
	off_t size;
} early = {.from = -1, .to = -1};

static void drop_early(int clones)
{
	if (early.from >= 0)
		close(early.from);
	if (early.to >= 0)
		close(early.to);
	early.from = -1;
	early.to = -1;
	remove_early(clones);
}

/*
 * Brings an early clone up to date. Extents that are shared are in the clone already: every write since it was made went
 * to an extent of its own (FIEMAP_EXTENT_SHARED: Documentation/filesystems/fiemap.rst). Holes are brought over too.
 */
static int clone_changes(int from, int to, unsigned long long size)
{
	struct fiemap *map = malloc(sizeof(*map) + EXTENTS_AT_ONCE * sizeof(struct fiemap_extent));
	unsigned long long seen = 0;    /* all before this offset was looked at */
	unsigned long long changed = 0; /* what lies between this offset and seen has to be cloned */
	int last = 0;

	if (!map || fdatasync(from) != 0)
		return -1;
	while (!last && seen < size) {
		memset(map, 0, sizeof(*map));
		map->fm_start = seen;
		map->fm_length = size - seen;
		map->fm_extent_count = EXTENTS_AT_ONCE;
		if (ioctl(from, FS_IOC_FIEMAP, map) != 0)
			return -1;
		if (map->fm_mapped_extents == 0)
			break;
		for (unsigned int i = 0; i < map->fm_mapped_extents; i++) {
			struct fiemap_extent *extent = &map->fm_extents[i];

			if (extent->fe_flags & FIEMAP_EXTENT_SHARED) {
				if (extent->fe_logical > changed &&
				    clone_range(from, to, changed, extent->fe_logical - changed) != 0)
					return -1;
				changed = extent->fe_logical + extent->fe_length;
			}
			seen = extent->fe_logical + extent->fe_length;
			last = extent->fe_flags & FIEMAP_EXTENT_LAST;
		}
	}
	free(map);
	return size > changed ? clone_range(from, to, changed, size - changed) : 0;
}

/* Clones the heap while the application works. What goes wrong here is done, or told, when it is cloned in the freeze. */
static void clone_early(int heaps, int clones, unsigned long long floor)
{
	struct stat heap;
	char name[64];
	int whole = 0;

	early.from = openat(heaps, LIVE_HEAP, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (early.from < 0 || fstat(early.from, &heap) != 0)
		return;
	snprintf(name, sizeof(name), EARLY "%llu", (unsigned long long)heap.st_ino);
	early.to = openat(clones, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	early.size = heap.st_size;
	if (early.to >= 0) {
		whole = 1;
		for (off_t done = 0; whole && done < heap.st_size; done += AT_ONCE) {
			off_t length = heap.st_size - done < AT_ONCE ? heap.st_size - done : AT_ONCE;

			/* Written back before, or it would be with the file's pages locked. */
			whole = has_room(clones, floor) &&
				sync_file_range(early.from, done, length,
						SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
							SYNC_FILE_RANGE_WAIT_AFTER) == 0 &&
				clone_range(early.from, early.to, done, length) == 0;
		}
	}
	if (!whole)
		drop_early(clones);
}

/*
 * While a clone shares the heap's blocks, each page that the application writes needs a block of the volume, and one that
 * finds none ends the application (SIGBUS). Somebody else may fill the volume: then the clone goes, and its blocks are the
 * heap's alone again. Returns when the service says something.
 */
static void keep_early_while_room(int clones, unsigned long long floor)
{
	struct pollfd word = {.fd = service, .events = POLLIN};
	long long until = micros(CLOCK_MONOTONIC) + SECONDS_UNTIL_GO * 1000000LL;

	while (has_room(clones, floor) && micros(CLOCK_MONOTONIC) < until)
		if (poll(&word, 1, LOOK_MILLIS) != 0)
			return;
	drop_early(clones);
}

/*
 * Notes each mapping of a process and its flags, so that nobody has to ask for them while it is frozen. Without notes, or
 * with half of them, the freeze is longer and nothing else.
 */
static void note_mappings(int pid)
{
	const char *path = getenv("MM_SMAPS");
	char smaps[64];
	char *line = NULL;
	size_t size = 0;

	snprintf(smaps, sizeof(smaps), "/proc/%d/smaps", pid);
	FILE *from = fopen(smaps, "re");
	int notes = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	FILE *to = notes < 0 ? NULL : fdopen(notes, "w");

	if (from && to) {
		fprintf(to, "pid %d\n", pid);
		/* The line of a mapping begins with a hexadecimal digit, those about it with a capital. */
		while (getline(&line, &size, from) > 0)
			if (strchr("0123456789abcdef", line[0]) || strncmp(line, "VmFlags:", strlen("VmFlags:")) == 0)
				fputs(line, to);
	}
	free(line);
	if (from)
		fclose(from);
	if (to)
		fclose(to);
}

/* They belong to no image. */
static void remove_notes(void)
{
	const char *path = getenv("MM_SMAPS");

	if (path && unlink(path) != 0 && errno != ENOENT)
		fail("cannot remove %s: %s", path, strerror(errno));
}

/* Waits beside the application, with an early clone that is as new as the service wants it. */
static void wait_for_go(int clones, unsigned long long floor)
{
	for (;;) {
		int pid;

		if (early.to >= 0)
			keep_early_while_room(clones, floor);
		const char *word = next_word("go", SECONDS_UNTIL_GO);

		if (strcmp(word, "go") == 0)
			return;
		if (sscanf(word, "note %d", &pid) == 1)
			note_mappings(pid);
		else if (strcmp(word, "refresh") != 0)
			fail("told to '%s' instead of 'go'", word);
		else if (early.to >= 0 && clone_changes(early.from, early.to, early.size) != 0)
			drop_early(clones);
		tell("ready\n");
	}
}

static void clone_heap(int heaps, int clones, const char *name)
{
	long long begin = micros(CLOCK_MONOTONIC);
	int from = openat(heaps, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat heap;
	char early[64];

	if (from < 0 || fstat(from, &heap) != 0)
		fail("cannot open heap file %s: %s", name, strerror(errno));
	snprintf(early, sizeof(early), EARLY "%llu", (unsigned long long)heap.st_ino);
	int known = renameat(clones, early, clones, name) == 0;
	int to = openat(clones, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | (known ? 0 : O_CREAT | O_EXCL), 0600);

	if (to < 0)
		fail("cannot create the clone %s: %s", name, strerror(errno));
	if ((known ? clone_changes(from, to, heap.st_size) : ioctl(to, FICLONE, from)) != 0) {
		if (errno == EOPNOTSUPP || errno == EXDEV || errno == EINVAL)
			fail("FICLONE is not supported for heap file %s: %s", name, strerror(errno));
		fail("cannot clone heap file %s: %s", name, strerror(errno));
	}
	close(from);
	close(to);
	tell("cloned %s %lld %lld\n", name, (long long)heap.st_size, micros(CLOCK_MONOTONIC) - begin);
}

static int open_folder(const char *images, const char *relative)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", images, relative);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void clone_heaps(const char *images)
{
	int heaps = open_folder(images, "../heap");
	int clones = open_folder(images, "heap");
	DIR *listing = heaps < 0 ? NULL : fdopendir(heaps);
	struct dirent *entry;

	if (!listing)
		fail("cannot list the heap files: %s", strerror(errno));
	if (clones < 0)
		fail("no folder for the clones: %s", strerror(errno));
	while ((entry = readdir(listing)))
		if (strncmp(entry->d_name, "link_remap.", strlen("link_remap.")) == 0)
			clone_heap(heaps, clones, entry->d_name);
	closedir(listing);
	remove_early(clones);
}

int main(void)
{
	const char *action = getenv("CRTOOLS_SCRIPT_ACTION");
	const char *images = getenv("CRTOOLS_IMAGE_DIR");

	if (!action || !images)
		fail("not started by CRIU");

	if (strcmp(action, "pre-dump") == 0) {
		connect_to_service(images);
		tell("started\n");
		unsigned long long floor = 0;
		int clones = open_folder(images, "heap");

		if (sscanf(next_word("early", SECONDS_UNTIL_GO), "early %llu", &floor) == 1)
			clone_early(open_folder(images, "../heap"), clones, floor);
		tell("ready\n");
		wait_for_go(clones, floor);
		tell_time("went");
	} else if (strcmp(action, "post-dump") == 0) {
		connect_to_service(images);
		tell_time("dumped");
		clone_heaps(images);
		remove_notes();
		tell_time("captured");
		await("thaw", SECONDS_UNTIL_THAW);
	}
	return 0;
}
