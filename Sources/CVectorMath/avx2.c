// The copy for processors with AVX2 and FMA (Intel since 2013, AMD since 2015).

#if defined(__x86_64__)

#include <immintrin.h>

#define VM_WIDTH 8
#define VM_NAME "avx2"
#define VM_TABLE vm_table_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "functions.inc"
#pragma clang attribute pop

#endif
