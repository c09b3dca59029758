#include <cblas.h>
#include <lapacke.h>

// LAPACK's routines are in OpenBLAS itself. LAPACK's C interface is another library, which on Debian would bring a second
// BLAS with it; so these call the routines, by the macros of lapack.h, which Swift does not see: they know whether Fortran
// wants the lengths of strings.

static inline int lapack_dpotrf(char triangle, int n, double *a) {
  int info = 0;
  LAPACK_dpotrf(&triangle, &n, a, &n, &info);
  return info;
}

static inline int lapack_dpotrs(char triangle, int n, int count, const double *a, double *b) {
  int info = 0;
  LAPACK_dpotrs(&triangle, &n, &count, a, &n, b, &n, &info);
  return info;
}

static inline int lapack_dsyevd(char vectors, char triangle, int n, double *a, double *values, double *work,
                                int work_count, int *integers, int integer_count) {
  int info = 0;
  LAPACK_dsyevd(&vectors, &triangle, &n, a, &n, values, work, &work_count, integers, &integer_count, &info);
  return info;
}
