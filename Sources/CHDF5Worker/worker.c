// The worker's life: fork, limits, one request after another, the end.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "library.h"

hid_t the_file = -1;

// MARK: Failures

static char failure_text[1024];

const char *failure(void) { return failure_text; }
void forget_failure(void) { failure_text[0] = 0; }

int fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(failure_text, sizeof failure_text, format, arguments);
  va_end(arguments);
  return -1;
}

static herr_t note_innermost(unsigned number, const H5E_error2_t *error, void *text) {
  if (number == 0 && error->desc) snprintf(text, 200, "%s", error->desc);
  return 0;
}

int fail_in_library(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(failure_text, sizeof failure_text, format, arguments);
  va_end(arguments);
  char words[200] = "";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_innermost, words);
  if (words[0] && length > 0 && (size_t)length < sizeof failure_text)
    snprintf(failure_text + length, sizeof failure_text - (size_t)length, ": %s", words);
  return -1;
}

// MARK: Limits

static void close_others(int kept) {
#if defined(__linux__) && defined(SYS_close_range)
  if ((kept <= 3 || syscall(SYS_close_range, 3u, (unsigned)kept - 1, 0u) == 0) &&
      syscall(SYS_close_range, (unsigned)kept + 1, ~0u, 0u) == 0)
    return;
#endif
  long most = sysconf(_SC_OPEN_MAX);
  if (most < 0 || most > 65536) most = 65536;
  for (int descriptor = 3; descriptor < most; descriptor++)
    if (descriptor != kept) close(descriptor);
}

/// Nobody wants to read what the C library says of a damaged heap.
static void silence(void) {
  int nothing = open("/dev/null", O_RDWR);
  if (nothing < 0) return;
  for (int descriptor = 0; descriptor < 3; descriptor++) dup2(nothing, descriptor);
  if (nothing > 2) close(nothing);
}

static void limit(const hdf5_limits *limits) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
  // What the process has already counts.
  char text[64] = "";
  int status = open("/proc/self/statm", O_RDONLY);
  if (status >= 0) {
    if (read(status, text, sizeof text - 1) < 0) text[0] = 0;
    close(status);
  }
  rlim_t most = (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) + limits->memory;
  struct rlimit earlier;
  if (getrlimit(RLIMIT_AS, &earlier) == 0 && (earlier.rlim_max == RLIM_INFINITY || most < earlier.rlim_max)) {
    struct rlimit memory = {most, most};
    setrlimit(RLIMIT_AS, &memory);
  }
#endif
}

/// Lets the clock of processor time run, or stops it; when it rings the process ends, as of any signal without a handler.
static void allow(uint32_t milliseconds) {
  struct itimerval time = {.it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};
  setitimer(ITIMER_PROF, &time, NULL);
}

static void take_default_signals(void) {
  for (int number = 1; number < NSIG; number++)
    if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
  // A key of the terminal is meant for the program, which says by the socket's end when it stops.
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGTSTP, SIG_IGN);
  sigset_t all;
  sigemptyset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
}

// MARK: Requests

static int open_file(request *r) {
  char path[HDF5_LARGEST_PATH];
  uint32_t flags = request_u32(r);
  request_path(r, path);
  if (r->is_bad) return fail("a request that is none");
  if (the_file >= 0) return fail("a file is open already");
  hid_t access = H5P_DEFAULT;
  if (flags & 1) {
    // What is written is a temporary of the program's, which has locked it.
#if H5_VERSION_GE(1, 10, 7)
    access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0 || H5Pset_file_locking(access, 0, 1) < 0) return fail_in_library("cannot do without locks");
#else
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
#endif
  }
  the_file = H5Fopen(path, flags & 1 ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access);
  // Before the next call, which forgets what went wrong.
  if (the_file < 0) fail_in_library("cannot open the file");
  if (access != H5P_DEFAULT) H5Pclose(access);
  return the_file < 0 ? -1 : 0;
}

static int finish(void) {
  close_datasets();
  if (H5Fflush(the_file, H5F_SCOPE_GLOBAL) < 0) return fail_in_library("cannot write the file");
  if (H5Fclose(the_file) < 0) return fail_in_library("cannot close the file");
  the_file = -1;
  return 0;
}

static int operate(uint32_t operation, request *r, answer *a) {
  if (operation == HDF5_OPEN) return open_file(r);
  if (the_file < 0) return fail("no file is open");
  switch (operation) {
    case HDF5_LIST: return list_links(r, a);
    case HDF5_DESCRIBE: return describe(r, a);
    case HDF5_ATTRIBUTE_NAMES: return attribute_names(r, a);
    case HDF5_ATTRIBUTE: return read_attribute(r, a);
    case HDF5_READ: return read_values(r, a);
    case HDF5_CREATE: return create_dataset(r, a);
    case HDF5_WRITE: return write_values(r, a);
    case HDF5_SET_TEXT: return set_text(r, a);
    case HDF5_SET_TEXTS: return set_texts(r, a);
    case HDF5_CREATE_GROUP: return create_group(r, a);
    case HDF5_REMOVE: return remove_link(r, a);
    case HDF5_FINISH: return finish();
    case HDF5_SPIN:
      for (volatile int turn = 0;; turn++) continue;
    default: return fail("an operation that there is not: %u", operation);
  }
}

static _Noreturn void serve(int socket, const hdf5_limits *limits) {
  uint8_t *asked = malloc(HDF5_LARGEST_BODY);
  answer a = {.bytes = malloc(HDF5_LARGEST_BODY), .capacity = HDF5_LARGEST_BODY};
  if (!asked || !a.bytes) _exit(3);
  // The list of what is done at the end belongs to the program, and another thread may have held its lock.
  if (H5dont_atexit() < 0 || H5open() < 0) _exit(4);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  // No code from wherever an environment variable points.
  H5PLset_loading_state(0);
  if (register_lzf() < 0) _exit(4);
  while (1) {
    hdf5_header header;
    if (hdf5_worker_receive(socket, &header, sizeof header, 0) != 0) _exit(0);
    if (header.magic != HDF5_REQUEST_MAGIC || header.length > HDF5_LARGEST_BODY) _exit(5);
    if (hdf5_worker_receive(socket, asked, header.length, 0) != 0) _exit(0);
    request r = {.next = asked, .end = asked + header.length};
    a.length = 0;
    a.is_full = 0;
    forget_failure();
    allow(limits->milliseconds);
    int result = operate(header.word, &r, &a);
    allow(0);
    if (result == 0 && a.is_full) result = fail("more than fits into an answer");
    if (result != 0) {
      a.length = 0;
      a.is_full = 0;
      const char *words = failure();
      void *room = answer_room(&a, strlen(words));
      if (room) memcpy(room, words, strlen(words));
    }
    hdf5_header reply = {
        .magic = HDF5_ANSWER_MAGIC, .word = result == 0 ? HDF5_DONE : HDF5_FAILED, .length = a.length};
    if (hdf5_worker_send(socket, &reply, sizeof reply) != 0) _exit(0);
    if (hdf5_worker_send(socket, a.bytes, a.length) != 0) _exit(0);
  }
}

// MARK: From outside

int hdf5_worker_start(const hdf5_limits *limits, int *kept, pid_t *process) {
  int sockets[2];
#ifdef SOCK_CLOEXEC
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return errno;
#else
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) return errno;
  for (int side = 0; side < 2; side++) fcntl(sockets[side], F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
  int yes = 1;
  for (int side = 0; side < 2; side++) setsockopt(sockets[side], SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
  // What is under way while the other side computes.
  int room = 1 << 20;
  for (int side = 0; side < 2; side++) setsockopt(sockets[side], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);

  // No handler of the program's runs in the worker.
  sigset_t all, earlier;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &earlier);
  pid_t child = fork();
  int code = errno;
  if (child == 0) {
    take_default_signals();
    close_others(sockets[1]);
    silence();
    limit(limits);
    serve(sockets[1], limits);
  }
  pthread_sigmask(SIG_SETMASK, &earlier, NULL);
  close(sockets[1]);
  if (child < 0) {
    close(sockets[0]);
    return code;
  }
  *kept = sockets[0];
  *process = child;
  return 0;
}

hdf5_ending hdf5_worker_end(int socket, pid_t process, int gently) {
  hdf5_ending ending = {0};
  if (!gently) kill(process, SIGKILL);
  close(socket);
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(process, &status, 0)) < 0 && errno == EINTR) continue;
  // Where the program reaps its children itself, nothing is known of this one.
  if (ended != process) return ending;
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
  if (WIFEXITED(status)) ending.exit_code = WEXITSTATUS(status);
  ending.was_out_of_time = ending.signal == SIGPROF;
  return ending;
}
