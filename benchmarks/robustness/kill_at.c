/* Kill the process at the Nth call that changes a file: write, rename, link, unlink or fsync.

   Loaded with LD_PRELOAD. `kill_at(n)` starts to count; of a write that is hit, half is written. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long left = -1;
static long calls = 0;

void kill_at(long n) { __atomic_store_n(&left, n, __ATOMIC_SEQ_CST); __atomic_store_n(&calls, 0, __ATOMIC_SEQ_CST); }
long count_calls(void) { return __atomic_load_n(&calls, __ATOMIC_SEQ_CST); }

static int is_hit(void) {
    __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&left, __ATOMIC_SEQ_CST) < 0) return 0;
    return __atomic_sub_fetch(&left, 1, __ATOMIC_SEQ_CST) == 0;
}
static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }
static int is_file(int fd) { struct stat s; return fstat(fd, &s) == 0 && S_ISREG(s.st_mode); }

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*write_t)(int, const void *, size_t);
typedef ssize_t (*pwrite_t)(int, const void *, size_t, off_t);
typedef int (*two_paths_t)(const char *, const char *);
typedef int (*at_paths_t)(int, const char *, int, const char *);
typedef int (*linkat_t)(int, const char *, int, const char *, int);
typedef int (*path_t)(const char *);
typedef int (*unlinkat_t)(int, const char *, int);
typedef int (*fd_t)(int);

ssize_t write(int fd, const void *p, size_t n) {
    REAL("write", write_t);
    if (is_file(fd) && is_hit()) { real(fd, p, n / 2); die(); }
    return real(fd, p, n);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t o) {
    REAL("pwrite", pwrite_t);
    if (is_hit()) { real(fd, p, n / 2, o); die(); }
    return real(fd, p, n, o);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off_t o) {
    REAL("pwrite64", pwrite_t);
    if (is_hit()) { real(fd, p, n / 2, o); die(); }
    return real(fd, p, n, o);
}
int rename(const char *a, const char *b) { REAL("rename", two_paths_t); if (is_hit()) die(); return real(a, b); }
int renameat(int c, const char *a, int d, const char *b) { REAL("renameat", at_paths_t); if (is_hit()) die(); return real(c, a, d, b); }
int link(const char *a, const char *b) { REAL("link", two_paths_t); if (is_hit()) die(); return real(a, b); }
int linkat(int c, const char *a, int d, const char *b, int f) { REAL("linkat", linkat_t); if (is_hit()) die(); return real(c, a, d, b, f); }
int unlink(const char *a) { REAL("unlink", path_t); if (is_hit()) die(); return real(a); }
int unlinkat(int d, const char *a, int f) { REAL("unlinkat", unlinkat_t); if (is_hit()) die(); return real(d, a, f); }
int fsync(int fd) { REAL("fsync", fd_t); if (is_hit()) die(); return real(fd); }
int fdatasync(int fd) { REAL("fdatasync", fd_t); if (is_hit()) die(); return real(fd); }
