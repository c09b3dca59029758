// Counts the allocations of each thread, so that a test can show that a loop makes none.
//
// By thread, because tests run side by side in one process: what the others allocate must not show. A test that works
// on several threads asks on each of them.

#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this build can count: on Linux with glibc, and not under a sanitizer, which has an allocator of its own.
bool allocation_counter_works(void);

/// Calls of malloc, calloc, realloc, aligned_alloc, memalign and posix_memalign that the calling thread has made, but
/// for those made by OpenBLAS itself.
uint64_t allocation_count_of_this_thread(void);

/// Those made by OpenBLAS itself: its AVX-512 kernels for small products take memory to pack a matrix in.
uint64_t openblas_allocation_count_of_this_thread(void);

#endif
