// Groups, links and attributes that are written.

#include <stdlib.h>
#include <string.h>

#include "library.h"

int create_group(request *r, answer *a) {
  (void)a;
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  if (r->is_bad) return fail("a request that is none");
  hid_t group = H5Gcreate2(the_file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (group < 0) return fail_in_library("cannot create the group");
  return H5Gclose(group) < 0 ? fail_in_library("cannot create the group") : 0;
}

int remove_link(request *r, answer *a) {
  (void)a;
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  if (r->is_bad) return fail("a request that is none");
  close_datasets();
  return H5Ldelete(the_file, path, H5P_DEFAULT) < 0 ? fail_in_library("cannot remove it") : 0;
}

/// Texts of variable length in UTF-8, as h5py writes them; one alone where `space` is a scalar.
static int set_attribute(const char *path, const char *name, hid_t space, const void *texts) {
  hid_t type = H5Tcopy(H5T_C_S1);
  int result = 0;
  if (type < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
    result = fail_in_library("cannot describe the texts");
  hid_t object = result == 0 ? H5Oopen(the_file, path, H5P_DEFAULT) : -1;
  if (result == 0 && object < 0) result = fail_in_library("cannot open it");
  if (result == 0 && H5Aexists(object, name) > 0 && H5Adelete(object, name) < 0)
    result = fail_in_library("cannot replace the attribute");
  hid_t attribute = result == 0 ? H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT) : -1;
  if (result == 0 && (attribute < 0 || H5Awrite(attribute, type, texts) < 0))
    result = fail_in_library("cannot write the attribute");
  if (attribute >= 0 && H5Aclose(attribute) < 0 && result == 0) result = fail_in_library("cannot write the attribute");
  if (object >= 0) H5Oclose(object);
  if (type >= 0) H5Tclose(type);
  return result;
}

int set_text(request *r, answer *a) {
  (void)a;
  char path[HDF5_LARGEST_PATH], name[HDF5_LARGEST_PATH], text[HDF5_LARGEST_PATH];
  request_path(r, path);
  request_path(r, name);
  request_path(r, text);
  if (r->is_bad) return fail("a request that is none");
  hid_t space = H5Screate(H5S_SCALAR);
  if (space < 0) return fail_in_library("cannot describe the attribute");
  const char *pointer = text;
  int result = set_attribute(path, name, space, &pointer);
  H5Sclose(space);
  return result;
}

int set_texts(request *r, answer *a) {
  (void)a;
  char path[HDF5_LARGEST_PATH], name[HDF5_LARGEST_PATH];
  request_path(r, path);
  request_path(r, name);
  uint32_t count = request_u32(r);
  // Every text has its length before it.
  if (r->is_bad || count > (size_t)(r->end - r->next) / 4) return fail("a request that is none");
  char **texts = calloc(count > 0 ? count : 1, sizeof *texts);
  if (!texts) return fail("not enough memory");
  int result = 0;
  for (uint32_t index = 0; index < count && result == 0; index++) {
    size_t length;
    const uint8_t *bytes = request_text(r, &length);
    texts[index] = r->is_bad ? NULL : malloc(length + 1);
    if (!texts[index]) {
      result = fail("a request that is none");
    } else {
      memcpy(texts[index], bytes, length);
      texts[index][length] = 0;
    }
  }
  hsize_t shape = count;
  hid_t space = H5Screate_simple(1, &shape, NULL);
  if (result == 0) result = space < 0 ? fail_in_library("cannot describe it") : set_attribute(path, name, space, texts);
  if (space >= 0) H5Sclose(space);
  for (uint32_t index = 0; index < count; index++) free(texts[index]);
  free(texts);
  return result;
}
