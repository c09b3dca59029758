// A process that does with libhdf5 what it is asked to, so that no damaged file hurts the process that asks.
//
// libhdf5 1.10 crashes on some damaged files, runs for ever on others, and takes all the memory for others again. The worker
// is forked and not executed anew: it needs no file of its own beside the program, and a library could not name one. After
// fork it runs nothing but the C of this folder, libhdf5 and the C library, whose allocator is made fit for that by fork
// itself on Linux and macOS. Nobody else in the process may use libhdf5 before.
//
// Requests and answers go over a socket, in the order of the requests. Both have a header and a body of at most
// HDF5_LARGEST_BODY bytes; numbers lie as the machine has them, a text is its length in 32 bits and its bytes. The next
// request may be sent before the answer to the last is read: the worker reads and inflates while the other computes.

#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HDF5_REQUEST_MAGIC 0x51523548u
#define HDF5_ANSWER_MAGIC 0x4e413548u
/// The most bytes of numbers or texts in one message.
#define HDF5_LARGEST_DATA 4194304
/// The most bytes behind a header.
#define HDF5_LARGEST_BODY 4259840

/// What comes before the body of a request or an answer.
typedef struct {
  uint32_t magic;
  /// An hdf5_operation, or of an answer an hdf5_status.
  uint32_t word;
  uint64_t length;
} hdf5_header;

enum hdf5_status {
  HDF5_DONE = 0,
  /// The body is a message.
  HDF5_FAILED = 1,
};

enum hdf5_operation {
  /// flags: 1 to write; path of the file.
  HDF5_OPEN = 1,
  /// path, number of the first link → whether there are more, count, and for each: kind, name.
  HDF5_LIST = 2,
  /// path → kind; of a dataset its type, shape, chunk, filters and bytes.
  HDF5_DESCRIBE = 3,
  /// path → count, names.
  HDF5_ATTRIBUTE_NAMES = 4,
  /// path, name → whether it is there, class, shape, hdf5_value, count, values.
  HDF5_ATTRIBUTE = 5,
  /// path, field or "", hdf5_value, rank, start[rank], count[rank] → values. Texts: their number, which may be smaller than
  /// asked, and the texts.
  HDF5_READ = 6,
  /// path, hdf5_value, rank, shape[rank]: a new dataset, in the place of what was there.
  HDF5_CREATE = 10,
  /// path, hdf5_value, rank, start[rank], count[rank], values.
  HDF5_WRITE = 11,
  /// path, name, text.
  HDF5_SET_TEXT = 12,
  /// path, name, count, texts.
  HDF5_SET_TEXTS = 13,
  /// path.
  HDF5_CREATE_GROUP = 14,
  /// path.
  HDF5_REMOVE = 15,
  /// Writes everything out and closes the file.
  HDF5_FINISH = 16,
  /// Computes for ever: for tests of the limit.
  HDF5_SPIN = 99,
};

enum hdf5_kind {
  HDF5_KIND_OTHER = 0,
  HDF5_KIND_GROUP = 1,
  HDF5_KIND_DATASET = 2,
};

enum hdf5_class {
  HDF5_CLASS_OTHER = 0,
  HDF5_CLASS_INTEGER = 1,
  HDF5_CLASS_FLOAT = 2,
  HDF5_CLASS_TEXT = 3,
  HDF5_CLASS_VARIABLE_TEXT = 4,
  HDF5_CLASS_ENUM = 5,
  /// An enum of FALSE and TRUE, as h5py has it.
  HDF5_CLASS_BOOL = 6,
  HDF5_CLASS_COMPOUND = 7,
  /// To objects, which are read as their paths.
  HDF5_CLASS_REFERENCE = 8,
};

/// How values come and go.
enum hdf5_value {
  HDF5_FLOAT32 = 1,
  HDF5_FLOAT64 = 2,
  HDF5_INT32 = 3,
  HDF5_INT64 = 4,
  HDF5_TEXTS = 5,
};

/// What a worker may use.
typedef struct {
  /// Address space beyond what the process has when it forks, in bytes; heeded on Linux.
  uint64_t memory;
  /// Processor time for one request, in milliseconds.
  uint32_t milliseconds;
} hdf5_limits;

/// Starts a worker. Returns 0 or an errno.
int hdf5_worker_start(const hdf5_limits *limits, int *socket, pid_t *process);

/// Sends all `count` bytes. Returns 0 or an errno; EPIPE where the worker is gone.
int hdf5_worker_send(int socket, const void *bytes, size_t count);

/// Receives `count` bytes. Returns 0 or an errno; EPIPE where the worker is gone, ETIMEDOUT where it says nothing at all for
/// `seconds`.
int hdf5_worker_receive(int socket, void *bytes, size_t count, int seconds);

/// How a worker ended.
typedef struct {
  /// The signal that ended it, or 0.
  int signal;
  int exit_code;
  /// Whether the signal was that of the limit of time.
  int was_out_of_time;
} hdf5_ending;

/// Closes the socket, ends the worker where it has not, and leaves no zombie. `gently` waits for one that is ending by itself.
hdf5_ending hdf5_worker_end(int socket, pid_t process, int gently);
