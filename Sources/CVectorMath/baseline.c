// The copy for the instruction set that the compiler targets by default: SSE2 on x86-64.

#if defined(__x86_64__)

#define VM_WIDTH 4
#define VM_NAME "baseline"
#define VM_TABLE vm_table_baseline
#include "functions.inc"

#endif
