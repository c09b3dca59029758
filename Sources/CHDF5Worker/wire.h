// Requests taken apart and answers put together, every length checked.

#pragma once

#include "include/hdf5_worker.h"

#define HDF5_LARGEST_PATH 4096

/// What is left of a request's body.
typedef struct {
  const uint8_t *next, *end;
  /// Something was not there.
  int is_bad;
} request;

uint32_t request_u32(request *r);
uint64_t request_u64(request *r);
/// A text of at most HDF5_LARGEST_PATH - 1 bytes, without a zero byte, into `text`.
void request_path(request *r, char text[HDF5_LARGEST_PATH]);
/// The bytes of a text of any length.
const uint8_t *request_text(request *r, size_t *length);

/// A body that is being made. What no longer fits is left out, and `is_full` set.
typedef struct {
  uint8_t *bytes;
  size_t length, capacity;
  int is_full;
} answer;

void answer_u8(answer *a, uint8_t number);
void answer_u32(answer *a, uint32_t number);
void answer_u64(answer *a, uint64_t number);
void answer_text(answer *a, const char *text, size_t length);
/// Room for `count` bytes, aligned as the body is; NULL where there is none.
void *answer_room(answer *a, size_t count);
/// Puts a number over one that is there.
void answer_put_u32(answer *a, size_t place, uint32_t number);
