// Chooses the table of functions: the best that the processor supports, or the one that the environment names.

#include <stdlib.h>
#include <string.h>

#include "vector_math.h"

#if defined(__x86_64__)

extern const vm_functions vm_table_baseline, vm_table_avx2, vm_table_avx512;

enum { TABLES = 3 };
static const vm_functions *const tables[TABLES] = {&vm_table_baseline, &vm_table_avx2, &vm_table_avx512};

/// How many of the tables, from the first, this processor supports. The builtin asks the operating system too
/// whether it saves the wide registers.
static int count_supported(void) {
  __builtin_cpu_init();
  if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))) return 1;
  if (!(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))) {
    return 2;
  }
  return 3;
}

#elif defined(__aarch64__)

extern const vm_functions vm_table_neon;

enum { TABLES = 1 };
static const vm_functions *const tables[TABLES] = {&vm_table_neon};

static int count_supported(void) { return 1; }

#else
#error "CVectorMath is written for x86-64 and 64-bit ARM"
#endif

static int supported;
static const vm_functions *active;

/// Runs when the program is loaded, before any thread of its own exists, so that readers need no lock.
__attribute__((constructor)) static void choose(void) {
  supported = count_supported();
  active = tables[supported - 1];
  const char *wanted = getenv("VAE_INSTRUCTION_SET");
  for (int i = 0; wanted && i < supported; i++) {
    if (strcmp(wanted, tables[i]->name) == 0) active = tables[i];
  }
}

const vm_functions *vm_active(void) { return active; }

const vm_functions *vm_supported(int index) {
  return index >= 0 && index < supported ? tables[index] : NULL;
}
