// Counts the allocations of the whole process, so that a test can show that a loop makes none.

#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this build can count: on Linux with glibc, and not under a sanitizer, which has an allocator of its own.
bool allocation_counter_works(void);

/// Calls of malloc, calloc, realloc, aligned_alloc and posix_memalign since the process began, on all threads.
uint64_t allocation_count(void);

#endif
