// Chooses the table of functions, and who multiplies: the best that the processor supports, or what the environment or
// the program names.

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
/// Whether the environment or the program has named who multiplies; if not, that goes by the table.
static bool products_are_chosen;

const vm_functions *vm_table_in_use;
bool vm_own_products_in_use;

static void use_table(const vm_functions *table) {
  __atomic_store_n(&vm_table_in_use, table, __ATOMIC_RELAXED);
  if (products_are_chosen) return;
  // A BLAS is faster than loops that were compiled for debugging, or for 128 bits without a fused multiply-add.
  bool is_fast = table->optimized && strcmp(table->name, "baseline") != 0;
  __atomic_store_n(&vm_own_products_in_use, is_fast, __ATOMIC_RELAXED);
}

bool vm_select(const char *name) {
  for (int i = 0; i < supported; i++) {
    if (strcmp(name, tables[i]->name) == 0) {
      use_table(tables[i]);
      return true;
    }
  }
  return false;
}

void vm_select_products(bool own) {
  products_are_chosen = true;
  __atomic_store_n(&vm_own_products_in_use, own, __ATOMIC_RELAXED);
}

/// Runs when the program is loaded, before any thread of its own exists, so that readers need no lock.
__attribute__((constructor)) static void choose(void) {
  supported = count_supported();
  use_table(tables[supported - 1]);
  const char *name = getenv("VAE_INSTRUCTION_SET");
  if (name) vm_select(name);
  const char *products = getenv("VAE_PRODUCTS");
  if (products && strcmp(products, "own") == 0) vm_select_products(true);
  if (products && strcmp(products, "openblas") == 0) vm_select_products(false);
}

const vm_functions *vm_supported(int index) {
  return index >= 0 && index < supported ? tables[index] : NULL;
}
