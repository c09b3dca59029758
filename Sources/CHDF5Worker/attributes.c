// Attributes: numbers, texts of both kinds, enums, references.

#include <stdlib.h>
#include <string.h>

#include "library.h"

/// More than any attribute of such files has: column names, mostly.
#define MOST_ELEMENTS (1u << 17)

static hid_t open_object(const char *path) {
  hid_t object = H5Oopen(the_file, path, H5P_DEFAULT);
  if (object < 0) fail_in_library("cannot open it");
  return object;
}

static herr_t name_one(hid_t object, const char *name, const H5A_info_t *info, void *context) {
  (void)object;
  (void)info;
  answer_text(context, name, strlen(name));
  if (!((answer *)context)->is_full) answer_put_u32(context, 0, 1 + *(uint32_t *)((answer *)context)->bytes);
  return ((answer *)context)->is_full ? 1 : 0;
}

int attribute_names(request *r, answer *a) {
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  if (r->is_bad) return fail("a request that is none");
  hid_t object = open_object(path);
  if (object < 0) return -1;
  answer_u32(a, 0);
  hsize_t first = 0;
  herr_t result = H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &first, name_one, a);
  if (result < 0) fail_in_library("cannot list the attributes");
  H5Oclose(object);
  return result < 0 ? -1 : 0;
}

// MARK: Values

static int read_texts(hid_t attribute, hid_t type, uint64_t count, answer *a) {
  size_t size = H5Tget_size(type);
  if (size == 0 || size > HDF5_LARGEST_DATA / (count > 0 ? count : 1)) return fail("texts beyond all measure");
  uint8_t *texts = calloc(count > 0 ? count : 1, size);
  if (!texts) return fail("not enough memory");
  int result = 0;
  if (H5Aread(attribute, type, texts) < 0) {
    result = fail_in_library("cannot read the attribute");
  } else if (answer_texts(a, type, texts, size, count) < count) {
    result = fail("more text than fits into an answer");
  }
  if (result == 0 && H5Tis_variable_str(type) > 0) {
    hid_t space = H5Aget_space(attribute);
    if (space >= 0) {
      H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
      H5Sclose(space);
    }
  }
  free(texts);
  return result;
}

/// References become the paths of what they lead to.
static int read_references(hid_t attribute, uint64_t count, answer *a) {
  hobj_ref_t *references = calloc(count > 0 ? count : 1, sizeof *references);
  if (!references) return fail("not enough memory");
  int result = H5Aread(attribute, H5T_STD_REF_OBJ, references) < 0 ? fail_in_library("cannot read the attribute") : 0;
  for (uint64_t index = 0; result == 0 && index < count; index++) {
    char path[HDF5_LARGEST_PATH] = "";
    ssize_t length = H5Rget_name(attribute, H5R_OBJECT, &references[index], path, sizeof path);
    if (length < 0 || (size_t)length >= sizeof path) length = 0;
    answer_text(a, path, (size_t)length);
  }
  free(references);
  return result;
}

static int read_values_of(hid_t attribute, hid_t type, uint64_t count, answer *a) {
  enum hdf5_class class = class_of(type);
  int is_text = class == HDF5_CLASS_TEXT || class == HDF5_CLASS_VARIABLE_TEXT || class == HDF5_CLASS_REFERENCE;
  int is_whole = class == HDF5_CLASS_INTEGER || class == HDF5_CLASS_ENUM || class == HDF5_CLASS_BOOL;
  if (!is_text && !is_whole && class != HDF5_CLASS_FLOAT) {
    answer_u32(a, 0);
    return 0;
  }
  answer_u32(a, is_text ? HDF5_TEXTS : is_whole ? HDF5_INT64 : HDF5_FLOAT64);
  answer_u64(a, count);
  if (class == HDF5_CLASS_REFERENCE) return read_references(attribute, count, a);
  if (is_text) return read_texts(attribute, type, count, a);
  void *numbers = calloc(count > 0 ? count : 1, 8);
  if (!numbers) return fail("not enough memory");
  int result = 0;
  if (H5Aread(attribute, is_whole ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE, numbers) < 0)
    result = fail_in_library("cannot read the attribute");
  void *room = result == 0 ? answer_room(a, count * 8) : NULL;
  if (room) memcpy(room, numbers, count * 8);
  free(numbers);
  return result;
}

int read_attribute(request *r, answer *a) {
  char path[HDF5_LARGEST_PATH], name[HDF5_LARGEST_PATH];
  request_path(r, path);
  request_path(r, name);
  if (r->is_bad) return fail("a request that is none");
  hid_t object = open_object(path);
  if (object < 0) return -1;
  htri_t exists = H5Aexists(object, name);
  int result = 0;
  hid_t attribute = -1, type = -1, space = -1;
  if (exists < 0) {
    result = fail_in_library("cannot look for the attribute");
  } else if (exists == 0) {
    answer_u8(a, 0);
  } else {
    attribute = H5Aopen(object, name, H5P_DEFAULT);
    type = attribute < 0 ? -1 : H5Aget_type(attribute);
    space = attribute < 0 ? -1 : H5Aget_space(attribute);
    hsize_t shape[H5S_MAX_RANK];
    int rank = space < 0 ? -1 : H5Sget_simple_extent_dims(space, shape, NULL);
    if (type < 0 || rank < 0) {
      result = fail_in_library("cannot open the attribute");
    } else {
      answer_u8(a, 1);
      answer_type(a, type, 0);
      answer_u32(a, (uint32_t)rank);
      // h5py writes an empty list as no elements at all.
      uint64_t count = H5Sget_simple_extent_type(space) == H5S_NULL ? 0 : 1;
      for (int axis = 0; axis < rank; axis++) {
        answer_u64(a, shape[axis]);
        count = shape[axis] > MOST_ELEMENTS ? MOST_ELEMENTS + 1 : count * shape[axis];
        if (count > MOST_ELEMENTS) count = MOST_ELEMENTS + 1;
      }
      result = count > MOST_ELEMENTS ? fail("more than %u elements", MOST_ELEMENTS)
                                     : read_values_of(attribute, type, count, a);
    }
  }
  if (space >= 0) H5Sclose(space);
  if (type >= 0) H5Tclose(type);
  if (attribute >= 0) H5Aclose(attribute);
  H5Oclose(object);
  return result;
}
