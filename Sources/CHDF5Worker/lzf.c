// The compression "lzf" of h5py (filter 32000), which only h5py's own libhdf5 has, reading alone.
//
// The format is Marc Lehmann's LibLZF: a byte below 32 says how many bytes follow as they are, less one. Another is a copy
// of what is written already: its upper three bits are the length less two, where they are 7 a further byte is added; its
// lower five are the upper ones of the distance less one, and the byte behind that has the lower eight. A copy may reach into
// what it writes itself.

#include <stdlib.h>

#include "library.h"

#define LZF_FILTER 32000
/// A chunk that claims to be larger is damaged.
#define LARGEST_CHUNK ((size_t)1 << 30)

size_t lzf_inflate(const uint8_t *input, size_t count, uint8_t *output, size_t capacity) {
  const uint8_t *end = input + count;
  size_t written = 0;
  while (input < end) {
    unsigned control = *input++;
    if (control < 32) {
      size_t length = control + 1;
      if ((size_t)(end - input) < length || capacity - written < length) return 0;
      for (size_t index = 0; index < length; index++) output[written + index] = input[index];
      input += length;
      written += length;
    } else {
      size_t length = control >> 5;
      if (length == 7) {
        if (input == end) return 0;
        length += *input++;
      }
      if (input == end) return 0;
      size_t distance = ((size_t)(control & 31) << 8) + *input++ + 1;
      length += 2;
      if (distance > written || capacity - written < length) return 0;
      for (size_t index = 0; index < length; index++) output[written + index] = output[written + index - distance];
      written += length;
    }
  }
  return written;
}

static size_t filter(unsigned flags, size_t parameter_count, const unsigned parameters[], size_t count,
                     size_t *buffer_size, void **buffer) {
  if (!(flags & H5Z_FLAG_REVERSE)) return 0;
  // h5py writes the size of a whole chunk as the third parameter.
  size_t capacity = parameter_count >= 3 && parameters[2] > 0 ? parameters[2] : *buffer_size;
  if (capacity < count) capacity = count;
  while (capacity <= LARGEST_CHUNK) {
    uint8_t *output = malloc(capacity > 0 ? capacity : 1);
    if (!output) return 0;
    size_t written = lzf_inflate(*buffer, count, output, capacity);
    if (written > 0) {
      free(*buffer);
      *buffer = output;
      *buffer_size = capacity;
      return written;
    }
    free(output);
    // Where the size is said, there is no more.
    if (parameter_count >= 3 && parameters[2] > 0) return 0;
    // A copy makes at most 264 bytes of 3.
    if (capacity / 88 > count) return 0;
    capacity *= 2;
  }
  return 0;
}

int register_lzf(void) {
  static const H5Z_class2_t lzf = {
      .version = H5Z_CLASS_T_VERS,
      .id = LZF_FILTER,
      .encoder_present = 0,
      .decoder_present = 1,
      .name = "lzf",
      .filter = filter,
  };
  return H5Zregister(&lzf) < 0 ? -1 : 0;
}
