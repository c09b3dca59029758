#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "allocation_counter.h"

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(SANITIZED)

#include <errno.h>
#include <link.h>
#include <string.h>

// Initial-exec: the other models may allocate a thread's copy at its first use, which would not end.
#define PER_THREAD static _Thread_local __attribute__((tls_model("initial-exec")))

PER_THREAD uint64_t count;
PER_THREAD uint64_t openblas_count;

// Where OpenBLAS's code lies; found once, before main.
static uintptr_t openblas_start, openblas_end;

static int find_openblas(struct dl_phdr_info *library, size_t size, void *unused) {
  (void)size, (void)unused;
  if (!strstr(library->dlpi_name, "openblas")) return 0;
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &library->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
    openblas_start = library->dlpi_addr + segment->p_vaddr;
    openblas_end = openblas_start + segment->p_memsz;
  }
  return 1;
}

__attribute__((constructor)) static void find_libraries(void) { dl_iterate_phdr(find_openblas, NULL); }

// The caller is known by the address that a call returns to.
static void note(void *caller) {
  if ((uintptr_t)caller >= openblas_start && (uintptr_t)caller < openblas_end)
    openblas_count++;
  else
    count++;
}

#define NOTE() note(__builtin_return_address(0))

// A definition in the executable comes before the C library's, for every library in the process. glibc keeps the
// originals under these names for that purpose.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  NOTE();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  NOTE();
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  NOTE();
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  NOTE();
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  NOTE();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  NOTE();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *out = memory;
  return 0;
}

bool allocation_counter_works(void) { return true; }
uint64_t allocation_count_of_this_thread(void) { return count; }
uint64_t openblas_allocation_count_of_this_thread(void) { return openblas_count; }

#else

bool allocation_counter_works(void) { return false; }
uint64_t allocation_count_of_this_thread(void) { return 0; }
uint64_t openblas_allocation_count_of_this_thread(void) { return 0; }

#endif
