// What the operations share, all of it of the worker's process alone.

#pragma once

// The functions as 1.10 has them, in whatever version is there.
#define H5_USE_110_API 1
#include <hdf5.h>

#include "wire.h"

/// The file, once it is open.
extern hid_t the_file;

/// Writes down what went wrong, in words; returns -1.
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// The same, and behind it what libhdf5 says of it.
int fail_in_library(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// What `fail` wrote down.
const char *failure(void);
void forget_failure(void);

/// A dataset that stays open until others have come.
typedef struct {
  char path[HDF5_LARGEST_PATH];
  hid_t id, space, type;
  int rank;
  hsize_t shape[H5S_MAX_RANK], chunk[H5S_MAX_RANK];
  int is_chunked;
  uint64_t used;
} open_dataset;

/// The dataset at `path`; NULL after `fail`.
open_dataset *dataset_at(const char *path);
/// Closes the datasets that are open.
void close_datasets(void);

/// What class a type is of.
enum hdf5_class class_of(hid_t type);
/// Appends the class, size and sign of a type, of a compound with its fields.
void answer_type(answer *a, hid_t type, int with_fields);

/// Appends `count` texts that lie at `bytes`, those that fit; returns how many. `type` is theirs in memory, a step apart is
/// the next.
size_t answer_texts(answer *a, hid_t type, const uint8_t *bytes, size_t step, size_t count);

/// One operation each: 0, or -1 after `fail`.
int list_links(request *r, answer *a);
int describe(request *r, answer *a);
int attribute_names(request *r, answer *a);
int read_attribute(request *r, answer *a);
int read_values(request *r, answer *a);
int create_dataset(request *r, answer *a);
int write_values(request *r, answer *a);
int set_text(request *r, answer *a);
int set_texts(request *r, answer *a);
int create_group(request *r, answer *a);
int remove_link(request *r, answer *a);

/// Makes libhdf5 know h5py's compression.
int register_lzf(void);
/// Inflates `input`: returns the number of bytes written into `output`, or 0 where the input is damaged or there is more than
/// `capacity`.
size_t lzf_inflate(const uint8_t *input, size_t count, uint8_t *output, size_t capacity);
