// The copy for processors with AVX-512 F, DQ, BW and VL (Intel servers since 2017, AMD since 2022).

#if defined(__x86_64__)

#include <immintrin.h>

#define VM_WIDTH 16
#define VM_NAME "avx512"
#define VM_TABLE vm_table_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), apply_to = function)
#include "functions.inc"
#pragma clang attribute pop

#endif
