// Stretches of datasets: numbers as the parent wants them, converted by libhdf5, and texts.

#include <stdlib.h>
#include <string.h>

#include "library.h"

typedef struct {
  open_dataset *dataset;
  int rank;
  hsize_t start[2], count[2];
  /// Of all axes together.
  uint64_t elements;
} stretch;

/// What a request says of place and size, checked against the dataset.
static int read_stretch(request *r, const char *path, stretch *s) {
  uint32_t rank = request_u32(r);
  if (r->is_bad || rank < 1 || rank > 2) return fail("a request that is none");
  for (uint32_t axis = 0; axis < rank; axis++) s->start[axis] = request_u64(r);
  for (uint32_t axis = 0; axis < rank; axis++) s->count[axis] = request_u64(r);
  if (r->is_bad) return fail("a request that is none");
  s->dataset = dataset_at(path);
  if (!s->dataset) return -1;
  if (s->dataset->rank != (int)rank) return fail("it has %d axes, not %u", s->dataset->rank, rank);
  s->rank = (int)rank;
  s->elements = 1;
  for (uint32_t axis = 0; axis < rank; axis++) {
    hsize_t size = s->dataset->shape[axis];
    if (s->start[axis] > size || s->count[axis] > size - s->start[axis]) return fail("it is shorter than was asked");
    if (s->count[axis] > HDF5_LARGEST_DATA) return fail("more than fits into an answer");
    s->elements *= s->count[axis];
    if (s->elements > HDF5_LARGEST_DATA) return fail("more than fits into an answer");
  }
  return 0;
}

/// Moves the stretch's elements, of `type` in memory.
static int transfer(stretch *s, hid_t type, void *elements, int is_writing) {
  if (s->elements == 0) return 0;
  hid_t memory = H5Screate_simple(s->rank, s->count, NULL);
  if (memory < 0) return fail_in_library("cannot describe the stretch");
  herr_t result = H5Sselect_hyperslab(s->dataset->space, H5S_SELECT_SET, s->start, NULL, s->count, NULL);
  if (result >= 0)
    result = is_writing ? H5Dwrite(s->dataset->id, type, memory, s->dataset->space, H5P_DEFAULT, elements)
                        : H5Dread(s->dataset->id, type, memory, s->dataset->space, H5P_DEFAULT, elements);
  // Before the next call, which forgets what went wrong.
  if (result < 0) fail_in_library(is_writing ? "cannot write the values" : "cannot read the values");
  H5Sclose(memory);
  return result < 0 ? -1 : 0;
}

static hid_t number_type(uint32_t value, size_t *size) {
  *size = value == HDF5_FLOAT32 || value == HDF5_INT32 ? 4 : 8;
  switch (value) {
    case HDF5_FLOAT32: return H5T_NATIVE_FLOAT;
    case HDF5_FLOAT64: return H5T_NATIVE_DOUBLE;
    case HDF5_INT32: return H5T_NATIVE_INT32;
    case HDF5_INT64: return H5T_NATIVE_INT64;
    default: return -1;
  }
}

/// A type in memory of one field alone, which libhdf5 picks out of compounds by its name.
static hid_t only_field(const char *field, hid_t type) {
  hid_t compound = H5Tcreate(H5T_COMPOUND, H5Tget_size(type));
  if (compound >= 0 && H5Tinsert(compound, field, 0, type) < 0) {
    H5Tclose(compound);
    return -1;
  }
  return compound;
}

// MARK: Texts

size_t answer_texts(answer *a, hid_t type, const uint8_t *bytes, size_t step, size_t count) {
  int is_variable = H5Tis_variable_str(type) > 0;
  size_t size = H5Tget_size(type);
  int is_padded = H5Tget_strpad(type) == H5T_STR_SPACEPAD;
  for (size_t index = 0; index < count; index++) {
    const char *text = (const char *)(bytes + index * step);
    size_t length;
    if (is_variable) {
      char *pointer;
      memcpy(&pointer, text, sizeof pointer);
      text = pointer ? pointer : "";
      length = strlen(text);
    } else {
      length = strnlen(text, size);
      while (is_padded && length > 0 && text[length - 1] == ' ') length--;
    }
    answer_text(a, text, length);
    if (a->is_full) return index;
  }
  return count;
}

static int read_texts(stretch *s, const char *field, hid_t element, answer *a) {
  enum hdf5_class class = class_of(element);
  if (class != HDF5_CLASS_TEXT && class != HDF5_CLASS_VARIABLE_TEXT) return fail("it holds no texts");
  if (s->rank != 1) return fail("texts in more than one axis");
  size_t size = H5Tget_size(element);
  if (size == 0 || size > HDF5_LARGEST_DATA) return fail("texts beyond all measure");
  // As many as surely fit, if they are of one size.
  uint64_t most = HDF5_LARGEST_DATA / (size + 4);
  if (most > 16384) most = 16384;
  if (most == 0) most = 1;
  if (s->count[0] > most) s->elements = s->count[0] = most;
  hid_t type = field[0] ? only_field(field, element) : H5Tcopy(element);
  if (type < 0) return fail_in_library("cannot describe the texts");
  uint8_t *texts = calloc(s->elements > 0 ? s->elements : 1, size);
  int result = texts ? transfer(s, type, texts, 0) : fail("not enough memory");
  if (result == 0) {
    size_t place = a->length;
    answer_u32(a, 0);
    size_t fitted = answer_texts(a, element, texts, size, s->elements);
    if (fitted == 0 && s->elements > 0) {
      result = fail("a text longer than fits into an answer");
    } else {
      a->is_full = 0;
      answer_put_u32(a, place, (uint32_t)fitted);
    }
    if (class == HDF5_CLASS_VARIABLE_TEXT) {
      hid_t memory = H5Screate_simple(1, s->count, NULL);
      if (memory >= 0) {
        H5Dvlen_reclaim(type, memory, H5P_DEFAULT, texts);
        H5Sclose(memory);
      }
    }
  }
  free(texts);
  H5Tclose(type);
  return result;
}

// MARK: Operations

/// The type of a field, or of the whole where `field` is empty.
static hid_t element_type(hid_t type, const char *field) {
  if (field[0] == 0) return H5Tcopy(type);
  if (H5Tget_class(type) != H5T_COMPOUND) return fail("it has no fields");
  int index = H5Tget_member_index(type, field);
  if (index < 0) return fail("it has no field of that name");
  return H5Tget_member_type(type, (unsigned)index);
}

static int read_numbers(stretch *s, const char *field, hid_t element, uint32_t value, answer *a) {
  size_t size;
  hid_t native = number_type(value, &size);
  if (native < 0) return fail("a request that is none");
  enum hdf5_class class = class_of(element);
  if (class != HDF5_CLASS_INTEGER && class != HDF5_CLASS_FLOAT && class != HDF5_CLASS_ENUM && class != HDF5_CLASS_BOOL)
    return fail("it holds no numbers");
  if (s->elements > HDF5_LARGEST_DATA / size) return fail("more than fits into an answer");
  void *room = answer_room(a, s->elements * size);
  if (!room) return fail("more than fits into an answer");
  if (field[0] == 0) return transfer(s, native, room, 0);
  hid_t type = only_field(field, native);
  if (type < 0) return fail_in_library("cannot describe the field");
  int result = transfer(s, type, room, 0);
  H5Tclose(type);
  return result;
}

int read_values(request *r, answer *a) {
  char path[HDF5_LARGEST_PATH], field[HDF5_LARGEST_PATH];
  request_path(r, path);
  request_path(r, field);
  uint32_t value = request_u32(r);
  stretch s = {0};
  if (read_stretch(r, path, &s) != 0) return -1;
  hid_t element = element_type(s.dataset->type, field);
  if (element < 0) return failure()[0] ? -1 : fail_in_library("cannot look at the type");
  int result = value == HDF5_TEXTS ? read_texts(&s, field, element, a) : read_numbers(&s, field, element, value, a);
  H5Tclose(element);
  return result;
}

int write_values(request *r, answer *a) {
  (void)a;
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  uint32_t value = request_u32(r);
  size_t size;
  hid_t native = number_type(value, &size);
  stretch s = {0};
  if (read_stretch(r, path, &s) != 0) return -1;
  if (native < 0 || (uint64_t)(r->end - r->next) != s.elements * size) return fail("a request that is none");
  return transfer(&s, native, (void *)(uintptr_t)r->next, 1);
}

int create_dataset(request *r, answer *a) {
  (void)a;
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  uint32_t value = request_u32(r), rank = request_u32(r);
  size_t size;
  hid_t native = number_type(value, &size);
  hsize_t shape[2];
  if (r->is_bad || native < 0 || rank < 1 || rank > 2) return fail("a request that is none");
  for (uint32_t axis = 0; axis < rank; axis++) shape[axis] = request_u64(r);
  if (r->is_bad) return fail("a request that is none");
  close_datasets();
  if (H5Lexists(the_file, path, H5P_DEFAULT) > 0 && H5Ldelete(the_file, path, H5P_DEFAULT) < 0)
    return fail_in_library("cannot remove what is there");
  hid_t space = H5Screate_simple((int)rank, shape, NULL);
  hid_t dataset = space < 0 ? -1 : H5Dcreate2(the_file, path, native, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (dataset < 0) fail_in_library("cannot create the dataset");
  if (space >= 0) H5Sclose(space);
  if (dataset < 0) return -1;
  return H5Dclose(dataset) < 0 ? fail_in_library("cannot create the dataset") : 0;
}
