/* Put before a process's libraries by the loader (LD_PRELOAD): counts what the process does to files below one folder and lets the nth fail. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { NOT_DONE = 0, DONE_BUT_TIMED_OUT = 1 };

static char folder[4096];
static size_t folder_length;
static atomic_long count;
static atomic_long failing_at;
static atomic_int failing_how;
static char hit[5000];

typedef void *(*symbol_finder)(void *, const char *);

static void *real_dlsym(void *handle, const char *name)
{
    static symbol_finder real;
    if (!real) {
        static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5", NULL};
        for (int i = 0; !real && versions[i]; i++)
            real = (symbol_finder)dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }
    return real(handle, name);
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))real_dlsym(RTLD_NEXT, #name)

/* Arms it for a folder; the nth access from now on fails, 0 lets all pass. */
void failing_arm(const char *below, long nth, int how)
{
    failing_at = 0;
    snprintf(folder, sizeof folder, "%s/", below);
    folder_length = strlen(folder);
    hit[0] = 0;
    count = 0;
    failing_how = how;
    failing_at = nth;
}

/* Lets everything pass again. Gives the number of accesses and, where one failed, its name and file. */
long failing_disarm(char *what, long size)
{
    failing_at = 0;
    snprintf(what, (size_t)size, "%s", hit);
    return count;
}

static int is_nth(const char *call, const char *path)
{
    if (failing_at == 0 || path == NULL || strncmp(path, folder, folder_length) != 0)
        return 0;
    if (atomic_fetch_add(&count, 1) + 1 != failing_at)
        return 0;
    snprintf(hit, sizeof hit, "%s %s", call, path + folder_length);
    return 1;
}

static int is_nth_of(const char *call, int descriptor)
{
    if (failing_at == 0)
        return 0;
    int kept = errno;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (length <= 0)
        return 0;
    path[length] = 0;
    /* A folder is flushed under its own name. */
    if ((size_t)length + 1 == folder_length && strncmp(path, folder, folder_length - 1) == 0)
        strcat(path, "/");
    return is_nth(call, path);
}

/* The failed call: not made, or made and its result thrown away. */
#define FAIL(call) \
    do { \
        if (failing_how == DONE_BUT_TIMED_OUT) { (void)!(call); errno = ETIMEDOUT; } else errno = EIO; \
        return -1; \
    } while (0)

#define ON_DESCRIPTOR(result, name, parameters, arguments) \
    result name parameters { REAL(name); if (is_nth_of(#name, fd)) FAIL(real arguments); return real arguments; }

ON_DESCRIPTOR(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
ON_DESCRIPTOR(ssize_t, pread64, (int fd, void *to, size_t n, off64_t at), (fd, to, n, at))
ON_DESCRIPTOR(ssize_t, preadv64, (int fd, const struct iovec *to, int n, off64_t at), (fd, to, n, at))
ON_DESCRIPTOR(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
ON_DESCRIPTOR(ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at))
ON_DESCRIPTOR(ssize_t, pwritev64, (int fd, const struct iovec *from, int n, off64_t at), (fd, from, n, at))
ON_DESCRIPTOR(int, fsync, (int fd), (fd))
ON_DESCRIPTOR(int, fdatasync, (int fd), (fd))
ON_DESCRIPTOR(int, ftruncate64, (int fd, off64_t length), (fd, length))

#define ON_PATH(result, name, parameters, arguments) \
    result name parameters { REAL(name); if (is_nth(#name, path)) FAIL(real arguments); return real arguments; }

ON_PATH(int, rename, (const char *path, const char *to), (path, to))
ON_PATH(int, link, (const char *path, const char *to), (path, to))
ON_PATH(int, unlink, (const char *path), (path))

/* One that was opened and not handed over is closed again: a lost answer, not a lost descriptor that would keep a lock for ever. */
#define ON_OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list rest; va_start(rest, flags); mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; va_end(rest); \
        if (is_nth(#name, path)) { \
            int opened = failing_how == DONE_BUT_TIMED_OUT ? real(path, flags, mode) : -1; \
            if (opened >= 0) close(opened); \
            errno = failing_how == DONE_BUT_TIMED_OUT ? ETIMEDOUT : EIO; \
            return -1; \
        } \
        return real(path, flags, mode); \
    }

ON_OPEN(open)
ON_OPEN(open64)

/* Who asks for a function of the C library by name, as the runtime does for a program's own imports, gets ours too. */
void *dlsym(void *handle, const char *name)
{
    static const struct { const char *name; void *ours; } table[] = {
        {"open", open}, {"fsync", fsync}, {"link", link}, {"rename", rename}, {"unlink", unlink},
    };
    if (handle != RTLD_NEXT)
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
            if (strcmp(name, table[i].name) == 0)
                return table[i].ours;
    return real_dlsym(handle, name);
}
