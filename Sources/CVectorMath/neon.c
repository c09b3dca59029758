// The copy for 64-bit ARM, where NEON is always there.

#if defined(__aarch64__)

#define VM_WIDTH 4
#define VM_NAME "neon"
#define VM_TABLE vm_table_neon
#include "functions.inc"

#endif
