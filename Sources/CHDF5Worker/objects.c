// What is in a file: links, kinds, types and shapes.

#include <string.h>

#include "library.h"

/// Chunks are inflated whole; a larger one is damaged.
#define LARGEST_CHUNK ((uint64_t)1 << 30)
/// A row of chunks stays inflated up to so much, so that none is inflated twice.
#define LARGEST_CACHE ((uint64_t)256 << 20)

// MARK: Links

static enum hdf5_kind kind_at(hid_t place, const char *name) {
  H5L_info_t link;
  if (H5Lget_info(place, name, &link, H5P_DEFAULT) < 0) return HDF5_KIND_OTHER;
  // What a link to another file names is none of ours.
  if (link.type != H5L_TYPE_HARD && link.type != H5L_TYPE_SOFT) return HDF5_KIND_OTHER;
  if (link.type == H5L_TYPE_SOFT && H5Oexists_by_name(place, name, H5P_DEFAULT) <= 0) return HDF5_KIND_OTHER;
  H5O_info_t info;
  // Nothing but what is asked for: how much its index takes would be counted, too.
  if (H5Oget_info_by_name2(place, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) return HDF5_KIND_OTHER;
  if (info.type == H5O_TYPE_GROUP) return HDF5_KIND_GROUP;
  return info.type == H5O_TYPE_DATASET ? HDF5_KIND_DATASET : HDF5_KIND_OTHER;
}

/// Whether every step of a path is there, and leads nowhere outside the file: 1 or 0, or -1 after `fail`.
static int is_there(const char *path) {
  char part[HDF5_LARGEST_PATH];
  size_t length = strlen(path);
  for (size_t end = 1; end <= length; end++) {
    if (path[end] != '/' && path[end] != 0) continue;
    if (end == 1 && path[0] == '/') continue;
    memcpy(part, path, end);
    part[end] = 0;
    htri_t exists = H5Lexists(the_file, part, H5P_DEFAULT);
    if (exists < 0) return fail_in_library("cannot look for it");
    if (exists == 0) return 0;
    H5L_info_t link;
    if (H5Lget_info(the_file, part, &link, H5P_DEFAULT) < 0) return fail_in_library("cannot look at the link");
    if (link.type == H5L_TYPE_SOFT) {
      htri_t leads = H5Oexists_by_name(the_file, part, H5P_DEFAULT);
      if (leads <= 0) return 0;
    } else if (link.type != H5L_TYPE_HARD) {
      return fail("it is a link to another file");
    }
  }
  return 1;
}

typedef struct {
  answer *a;
  uint32_t count;
  int is_more;
} listing;

static herr_t list_one(hid_t group, const char *name, const H5L_info_t *link, void *context) {
  (void)link;
  listing *l = context;
  // The header of what is appended, and room for what follows.
  if (l->a->capacity - l->a->length < strlen(name) + 64) {
    l->is_more = 1;
    return 1;
  }
  answer_u8(l->a, (uint8_t)kind_at(group, name));
  answer_text(l->a, name, strlen(name));
  l->count++;
  return 0;
}

int list_links(request *r, answer *a) {
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  hsize_t first = request_u64(r);
  if (r->is_bad) return fail("a request that is none");
  int there = is_there(path);
  if (there <= 0) return there < 0 ? -1 : fail("it is not there");
  hid_t group = H5Gopen2(the_file, path, H5P_DEFAULT);
  if (group < 0) return fail_in_library("cannot open the group");
  listing l = {.a = a};
  answer_u8(a, 0);
  answer_u32(a, 0);
  H5G_info_t info;
  herr_t result = H5Gget_info(group, &info);
  if (result >= 0 && first < info.nlinks)
    result = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &first, list_one, &l);
  // Before the next call, which forgets what went wrong.
  if (result < 0) fail_in_library("cannot list the group");
  H5Gclose(group);
  if (result < 0) return -1;
  a->bytes[0] = (uint8_t)l.is_more;
  answer_put_u32(a, 1, l.count);
  return 0;
}

// MARK: Types

static int is_bool(hid_t type) {
  if (H5Tget_nmembers(type) != 2) return 0;
  int matches = 0;
  for (unsigned index = 0; index < 2; index++) {
    char *name = H5Tget_member_name(type, index);
    if (name && strcmp(name, index == 0 ? "FALSE" : "TRUE") == 0) matches++;
    if (name) H5free_memory(name);
  }
  return matches == 2;
}

enum hdf5_class class_of(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return HDF5_CLASS_INTEGER;
    case H5T_FLOAT: return HDF5_CLASS_FLOAT;
    case H5T_STRING: return H5Tis_variable_str(type) > 0 ? HDF5_CLASS_VARIABLE_TEXT : HDF5_CLASS_TEXT;
    case H5T_ENUM: return is_bool(type) ? HDF5_CLASS_BOOL : HDF5_CLASS_ENUM;
    case H5T_COMPOUND: return HDF5_CLASS_COMPOUND;
    case H5T_REFERENCE: return H5Tequal(type, H5T_STD_REF_OBJ) > 0 ? HDF5_CLASS_REFERENCE : HDF5_CLASS_OTHER;
    default: return HDF5_CLASS_OTHER;
  }
}

void answer_type(answer *a, hid_t type, int with_fields) {
  enum hdf5_class class = class_of(type);
  answer_u8(a, (uint8_t)class);
  answer_u32(a, (uint32_t)H5Tget_size(type));
  int is_signed = class != HDF5_CLASS_INTEGER || H5Tget_sign(type) == H5T_SGN_2;
  if (class == HDF5_CLASS_ENUM || class == HDF5_CLASS_BOOL) is_signed = 1;
  answer_u8(a, (uint8_t)is_signed);
  if (!with_fields) return;
  size_t place = a->length;
  uint32_t count = 0;
  answer_u32(a, 0);
  if (class != HDF5_CLASS_COMPOUND) return;
  int members = H5Tget_nmembers(type);
  for (int index = 0; index < members; index++) {
    char *name = H5Tget_member_name(type, (unsigned)index);
    hid_t member = H5Tget_member_type(type, (unsigned)index);
    if (name && member >= 0) {
      answer_text(a, name, strlen(name));
      answer_type(a, member, 0);
      count++;
    }
    if (name) H5free_memory(name);
    if (member >= 0) H5Tclose(member);
  }
  answer_put_u32(a, place, count);
}

// MARK: Datasets

#define OPEN_DATASETS 8
static open_dataset datasets[OPEN_DATASETS];
static uint64_t turn;

static void close_dataset(open_dataset *d) {
  if (d->used == 0) return;
  if (d->type >= 0) H5Tclose(d->type);
  if (d->space >= 0) H5Sclose(d->space);
  if (d->id >= 0) H5Dclose(d->id);
  d->used = 0;
}

void close_datasets(void) {
  for (int index = 0; index < OPEN_DATASETS; index++) close_dataset(&datasets[index]);
}

/// Where the elements are: only in the file itself.
static int look_at_layout(open_dataset *d) {
  hid_t properties = H5Dget_create_plist(d->id);
  if (properties < 0) return fail_in_library("cannot look at the dataset");
  H5D_layout_t layout = H5Pget_layout(properties);
  int externals = H5Pget_external_count(properties);
  int result = 0;
  if (layout < 0 || layout == H5D_VIRTUAL || externals != 0) {
    result = fail("its numbers are in another file");
  } else if (layout == H5D_CHUNKED) {
    d->is_chunked = 1;
    if (H5Pget_chunk(properties, H5S_MAX_RANK, d->chunk) != d->rank) result = fail_in_library("chunks of another rank");
  }
  H5Pclose(properties);
  return result;
}

/// How much of a chunked dataset is worth keeping: a whole row of chunks.
static uint64_t cache_size(const open_dataset *d) {
  uint64_t size = H5Tget_size(d->type);
  for (int axis = 0; axis < d->rank; axis++) {
    uint64_t chunk = d->chunk[axis] > 0 ? d->chunk[axis] : 1;
    if (axis > 0) chunk *= (d->shape[axis] + chunk - 1) / chunk;
    if (chunk > 0 && size > LARGEST_CHUNK / chunk) return LARGEST_CHUNK;
    size *= chunk;
  }
  return size;
}

/// Opens it, or returns -1 after `fail`.
static hid_t open_by_cache(const char *path, uint64_t cache) {
  hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
  if (access < 0) return fail_in_library("cannot open the dataset");
  // The weight 1: what has been read to its end goes first.
  if (cache > 0) H5Pset_chunk_cache(access, 12421, cache, 1);
  hid_t id = H5Dopen2(the_file, path, access);
  // Before the next call, which forgets what went wrong.
  if (id < 0) fail_in_library("cannot open the dataset");
  H5Pclose(access);
  return id;
}

static int open_into(open_dataset *d, const char *path) {
  int there = is_there(path);
  if (there <= 0) return there < 0 ? -1 : fail("it is not there");
  d->id = open_by_cache(path, 0);
  if (d->id < 0) return -1;
  d->space = H5Dget_space(d->id);
  d->type = H5Dget_type(d->id);
  if (d->space < 0 || d->type < 0) return fail_in_library("cannot look at the dataset");
  d->rank = H5Sget_simple_extent_ndims(d->space);
  if (d->rank < 0 || d->rank > H5S_MAX_RANK) return fail_in_library("it has no shape");
  if (H5Sget_simple_extent_dims(d->space, d->shape, NULL) < 0) return fail_in_library("it has no shape");
  if (look_at_layout(d) != 0) return -1;
  if (!d->is_chunked) return 0;
  uint64_t chunk = H5Tget_size(d->type);
  for (int axis = 0; axis < d->rank; axis++) {
    if (d->chunk[axis] == 0 || chunk > LARGEST_CHUNK / d->chunk[axis]) return fail("chunks beyond all measure");
    chunk *= d->chunk[axis];
  }
  uint64_t wanted = cache_size(d);
  if (wanted > LARGEST_CACHE) wanted = chunk < LARGEST_CACHE ? LARGEST_CACHE : chunk;
  if (wanted <= 1 << 20) return 0;
  H5Dclose(d->id);
  d->id = open_by_cache(path, wanted + (1 << 20));
  return d->id < 0 ? -1 : 0;
}

open_dataset *dataset_at(const char *path) {
  open_dataset *oldest = &datasets[0];
  for (int index = 0; index < OPEN_DATASETS; index++) {
    open_dataset *d = &datasets[index];
    if (d->used > 0 && strcmp(d->path, path) == 0) {
      d->used = ++turn;
      return d;
    }
    if (d->used < oldest->used) oldest = d;
  }
  close_dataset(oldest);
  memset(oldest, 0, sizeof *oldest);
  oldest->id = oldest->space = oldest->type = -1;
  oldest->used = ++turn;
  if (open_into(oldest, path) != 0) {
    close_dataset(oldest);
    return NULL;
  }
  strcpy(oldest->path, path);
  return oldest;
}

// MARK: Descriptions

int describe(request *r, answer *a) {
  char path[HDF5_LARGEST_PATH];
  request_path(r, path);
  if (r->is_bad) return fail("a request that is none");
  int there = is_there(path);
  if (there < 0) return -1;
  // Nothing at all is an answer, too.
  enum hdf5_kind kind = there == 0 ? HDF5_KIND_OTHER : strcmp(path, "/") == 0 ? HDF5_KIND_GROUP : kind_at(the_file, path);
  answer_u8(a, (uint8_t)there);
  answer_u8(a, (uint8_t)kind);
  if (kind != HDF5_KIND_DATASET) return 0;
  open_dataset *d = dataset_at(path);
  if (!d) return -1;
  answer_type(a, d->type, 1);
  answer_u32(a, (uint32_t)d->rank);
  for (int axis = 0; axis < d->rank; axis++) answer_u64(a, d->shape[axis]);
  answer_u8(a, (uint8_t)d->is_chunked);
  for (int axis = 0; d->is_chunked && axis < d->rank; axis++) answer_u64(a, d->chunk[axis]);
  hid_t properties = H5Dget_create_plist(d->id);
  int filters = properties < 0 ? -1 : H5Pget_nfilters(properties);
  answer_u32(a, filters < 0 ? 0 : (uint32_t)filters);
  for (int index = 0; index < filters; index++) {
    unsigned flags = 0, configuration = 0;
    size_t parameters = 0;
    H5Z_filter_t filter =
        H5Pget_filter2(properties, (unsigned)index, &flags, &parameters, NULL, 0, NULL, &configuration);
    answer_u32(a, (uint32_t)filter);
  }
  if (properties >= 0) H5Pclose(properties);
  answer_u64(a, H5Dget_storage_size(d->id));
  return 0;
}
