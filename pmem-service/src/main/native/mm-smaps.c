/*
 * mm-smaps: is loaded into a CRIU that dumps (ld.so --preload), so that the freeze does not grow with the heap.
 *
 * CRIU reads /proc/PID/smaps of the frozen application for one line of each mapping, VmFlags. For the other lines of the
 * file the kernel looks at every page that is mapped (fs/proc/task_mmu.c: smap_gather_stats), some 11 ms for each GiB of
 * the heap. Those flags change with the mapping only, or by an madvise or mlock of the whole of it. So mm-hook notes them
 * right before the freeze (note_mappings), and here, where the application stands still, each mapping of /proc/PID/maps,
 * for which the kernel looks at no page, is looked up in the notes by its whole line: addresses, rights, file and offset.
 * If every one is found CRIU gets those lines and the flags noted with them; if a single one is not, the kernel's file.
 *
 * MM_SMAPS names the notes: a first line "pid N", and then for each mapping its line and that of its flags.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_SIZE (256 << 10)

static int plain_open(int folder, const char *path, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* The whole of a file, with a zero at its end; null if it cannot be read. To be freed. */
static char *content(int folder, const char *path)
{
	int file = plain_open(folder, path, O_RDONLY | O_CLOEXEC, 0);
	size_t size = FIRST_SIZE;
	size_t length = 0;
	char *text = file < 0 ? NULL : malloc(size);

	while (text) {
		ssize_t got = read(file, text + length, size - length - 1);

		if (got == 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		length += got > 0 ? got : 0;
		char *larger = got < 0 ? NULL : length + 1 < size ? text : realloc(text, size *= 2);

		if (!larger)
			free(text);
		text = larger;
	}
	if (file >= 0)
		close(file);
	if (text)
		text[length] = '\0';
	return text;
}

/* The length of a line with its end; 0 at the end of the text. */
static size_t line_length(const char *text)
{
	const char *end = strchr(text, '\n');

	return end ? (size_t)(end - text) + 1 : 0;
}

/* Whether a folder is the /proc/PID of the notes. */
static int is_of(int folder, const char *notes)
{
	char link[64];
	char target[64];
	char noted[64];
	int pid;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", folder);
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	if (length < 0 || sscanf(notes, "pid %d\n", &pid) != 1)
		return 0;
	target[length] = '\0';
	snprintf(noted, sizeof(noted), "/proc/%d", pid);
	return strcmp(target, noted) == 0;
}

/* Writes each mapping with its flags; returns how many, or -1 where one is not in the notes. Both are in order. */
static int answer(FILE *to, const char *maps, const char *notes)
{
	int found = 0;

	for (size_t length; (length = line_length(maps)) > 0; maps += length, found++) {
		size_t noted;

		while ((noted = line_length(notes)) > 0 && (noted != length || memcmp(maps, notes, length) != 0))
			notes += noted;
		const char *flags = notes + noted;
		size_t both = noted + line_length(flags);

		if (noted == 0 || strncmp(flags, "VmFlags:", strlen("VmFlags:")) != 0)
			return -1;
		if (fwrite(notes, both, 1, to) != 1)
			return -1;
		notes += both;
	}
	return found;
}

/* A file as the kernel's smaps, without what CRIU does not read; -1 where the notes do not say all. */
static int from_notes(int folder, const char *path)
{
	char *notes = content(AT_FDCWD, path);
	char *maps = notes && is_of(folder, notes) ? content(folder, "maps") : NULL;
	int result = -1;

	if (maps) {
		int memory = memfd_create("smaps", MFD_CLOEXEC);
		FILE *stream = memory < 0 ? NULL : fdopen(dup(memory), "w");
		int found = stream ? answer(stream, maps, notes + line_length(notes)) : -1;

		if (stream && fclose(stream) == 0 && found > 0 && lseek(memory, 0, SEEK_SET) == 0)
			result = memory;
		else if (memory >= 0)
			close(memory);
		if (result < 0)
			fprintf(stderr, "mm-smaps: mappings have changed since they were noted\n");
	}
	free(maps);
	free(notes);
	return result;
}

/* CRIU opens files of a process relative to its folder in /proc. */
int openat(int folder, const char *path, int flags, ...)
{
	const char *notes = getenv("MM_SMAPS");
	mode_t mode = 0;

	if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {
		va_list more;

		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	if (notes && strcmp(path, "smaps") == 0) {
		int file = from_notes(folder, notes);

		if (file >= 0)
			return file;
	}
	return plain_open(folder, path, flags, mode);
}

/* The name for programs that are built for large files, as CRIU is. */
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));
