#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 // macOS has an option of the socket instead
#endif

// MARK: Bytes

int hdf5_worker_send(int socket, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  while (count > 0) {
    ssize_t sent = send(socket, next, count, MSG_NOSIGNAL);
    if (sent >= 0) {
      next += sent;
      count -= (size_t)sent;
    } else if (errno != EINTR) {
      return errno == ECONNRESET ? EPIPE : errno;
    }
  }
  return 0;
}

int hdf5_worker_receive(int socket, void *bytes, size_t count, int seconds) {
  uint8_t *next = bytes;
  while (count > 0) {
    struct pollfd waiting = {.fd = socket, .events = POLLIN};
    int ready = seconds > 0 ? poll(&waiting, 1, seconds * 1000) : 1;
    if (ready == 0) return ETIMEDOUT;
    if (ready < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    ssize_t got = recv(socket, next, count, 0);
    if (got > 0) {
      next += got;
      count -= (size_t)got;
    } else if (got == 0 || errno == ECONNRESET) {
      return EPIPE;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// MARK: Requests

static const uint8_t *take(request *r, size_t count) {
  if (r->is_bad || (size_t)(r->end - r->next) < count) {
    r->is_bad = 1;
    return NULL;
  }
  const uint8_t *bytes = r->next;
  r->next += count;
  return bytes;
}

uint32_t request_u32(request *r) {
  uint32_t number = 0;
  const uint8_t *bytes = take(r, sizeof number);
  if (bytes) memcpy(&number, bytes, sizeof number);
  return number;
}

uint64_t request_u64(request *r) {
  uint64_t number = 0;
  const uint8_t *bytes = take(r, sizeof number);
  if (bytes) memcpy(&number, bytes, sizeof number);
  return number;
}

const uint8_t *request_text(request *r, size_t *length) {
  *length = request_u32(r);
  const uint8_t *bytes = take(r, *length);
  if (!bytes) *length = 0;
  return bytes;
}

void request_path(request *r, char text[HDF5_LARGEST_PATH]) {
  size_t length;
  const uint8_t *bytes = request_text(r, &length);
  if (length >= HDF5_LARGEST_PATH || (length > 0 && memchr(bytes, 0, length))) {
    r->is_bad = 1;
    length = 0;
  }
  if (length > 0) memcpy(text, bytes, length);
  text[length] = 0;
}

// MARK: Answers

void *answer_room(answer *a, size_t count) {
  if (a->is_full || count > a->capacity - a->length) {
    a->is_full = 1;
    return NULL;
  }
  void *room = a->bytes + a->length;
  a->length += count;
  return room;
}

static void append(answer *a, const void *bytes, size_t count) {
  void *room = answer_room(a, count);
  if (room && count > 0) memcpy(room, bytes, count);
}

void answer_u8(answer *a, uint8_t number) { append(a, &number, sizeof number); }
void answer_u32(answer *a, uint32_t number) { append(a, &number, sizeof number); }
void answer_u64(answer *a, uint64_t number) { append(a, &number, sizeof number); }

void answer_text(answer *a, const char *text, size_t length) {
  // Whole or not at all.
  if (a->is_full || length > UINT32_MAX || length + sizeof(uint32_t) > a->capacity - a->length) {
    a->is_full = 1;
    return;
  }
  answer_u32(a, (uint32_t)length);
  append(a, text, length);
}

void answer_put_u32(answer *a, size_t place, uint32_t number) {
  if (place + sizeof number <= a->length) memcpy(a->bytes + place, &number, sizeof number);
}
