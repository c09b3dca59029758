// The loops of the library that need the machine's vector unit: elementwise ones, and matrix products.
//
// Every function exists once in source (functions.inc) and is compiled for several instruction sets; a table of
// function pointers for the best one is chosen when the program starts. loops.inc lists them all. Swift
// reaches them through VAEKernels/Primitives/VectorMath and nowhere else.
//
// Conventions. A matrix is row-major with a row stride counted in floats, stride >= columns, or 0 where every row is
// the same one: one example for several samples of its latent. Counts of zero are
// valid, and an empty sum is 0. No alignment is needed. Pointers may be the same where a comment says "in place", and
// must not overlap otherwise. No function allocates, locks, or keeps state; every function is defined, without
// undefined behaviour, for every input value including subnormals, infinities and NaN, and NaN in gives NaN out
// unless a comment says otherwise. Within one instruction set results depend only on the arguments: a row gives
// the same bits whatever the number of rows it is called with.

#ifndef VECTOR_MATH_H
#define VECTOR_MATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Layer activations, numbered as in Swift's `Activation`. Gradients are taken at the function's *value* y where f'(x)
/// is a function of f(x), so that the layer's input need not be kept. gelu and silu take most values twice, with
/// different slopes: theirs are taken at the *input* x.
enum {
  VM_IDENTITY = 0,   ///< y = x                       y' = 1
  VM_RELU = 1,       ///< y = max(x, 0)               y' = y > 0
  VM_TANH = 2,       ///< y = tanh x                  y' = 1 - y^2
  VM_SIGMOID = 3,    ///< y = 1/(1 + exp -x)          y' = y (1 - y)
  VM_SOFTPLUS = 4,   ///< y = log(1 + exp x)          y' = sigmoid x = 1 - exp(-y)
  VM_ELU = 5,        ///< y = x > 0 ? x : expm1 x     y' = y > 0 ? 1 : y + 1
  VM_GELU = 6,       ///< y = x P(N < x), N ~ N(0,1)  y' = P(N < x) + x exp(-x^2/2) / sqrt(2 pi)
  VM_SILU = 7,       ///< y = x sigmoid x             y' = sigmoid(x) (1 + x sigmoid(-x))
  VM_LEAKY_RELU = 8  ///< y = x > 0 ? x : 0.01 x      y' = y > 0 ? 1 : 0.01
};

/// Elementary functions, for `map`: the polynomials that everything else is made of, exposed to be tested.
enum {
  VM_EXP = 0,
  VM_EXPM1 = 1,
  VM_LOG1P = 2,  ///< domain (-1, inf)
  VM_LOG = 3,    ///< domain (0, inf)
  VM_MAP_TANH = 4,
  VM_MAP_SIGMOID = 5,
  VM_MAP_SOFTPLUS = 6,
  VM_SIN_2PI = 7,  ///< sin(2 pi x), x in [0, 1)
  VM_COS_2PI = 8,  ///< cos(2 pi x), x in [0, 1)
  VM_ERF = 9,
  VM_MAP_GELU = 10,
  VM_MAP_SILU = 11,
  VM_LOG_GAMMA = 12,  ///< domain (0, inf)
  VM_DIGAMMA = 13     ///< domain (0, inf)
};

/// Where a block of random numbers comes from: Philox 4x32-10 with key `seed` (low word first) and the counter
/// (block, example, epoch, purpose << 24 | sample). Element j of an example's row comes from word j % 4 of block
/// j / 4.
typedef struct {
  uint64_t seed;
  uint32_t epoch;
  uint32_t purpose_and_sample;
} vm_random_stream;

/// The constants of one Adam step (Kingma and Ba 2015, algorithm 1), t counted from 1.
typedef struct {
  float learning_rate;
  float beta1;
  float beta2;
  float epsilon;
  float first_moment_correction;   ///< 1 / (1 - beta1^t)
  float second_moment_correction;  ///< 1 / (1 - beta2^t)
  float gradient_scale;            ///< the gradient is multiplied by this first; 1 unless clipped
  float weight_decay;              ///< Loshchilov and Hutter 2019, algorithm 2: apart from the gradient; 0 for none
} vm_adam_constants;

/// Rows of counts x [rows, columns] under a Poisson, a negative binomial or a zero-inflated negative binomial distribution
/// of mean m = exposure exp(a), or exposure softmax(a), and inverse dispersion θ. x is dense, or has entries as of
/// `multiply_entries`, `step` apart in starts and ends; NaN where one is no whole number, or below 0.
typedef struct {
  ptrdiff_t rows, columns;
  bool is_softmax;          ///< m = exposure softmax(a) over the row's columns
  const float *output;      ///< a
  ptrdiff_t output_stride;  ///< of a and of b
  const float *log_theta;   ///< log θ; NULL for a Poisson distribution
  ptrdiff_t theta_stride;   ///< 0 where all rows have the same
  const float *inflation;   ///< b: a zero of its own has the probability sigmoid(b); NULL where there are none
  const float *exposure;    ///< one number > 0 a row; NULL for 1
  ptrdiff_t exposure_stride;
  const float *x;  ///< dense; not looked at where there are entries
  ptrdiff_t x_stride;
  const uint32_t *at;  ///< the entries' columns; NULL for a dense x
  const float *entries;
  const uint32_t *starts, *ends;
  ptrdiff_t step;
  float scale;      ///< of the gradients
  float *loss;      ///< [rows], nats
  float *d_output;  ///< the gradient with respect to a, not in its place; NULL for no gradients
  ptrdiff_t d_output_stride;
  float *d_log_theta;
  ptrdiff_t d_theta_stride;
  float *d_inflation;  ///< its stride is that of d_output
  float *d_log_exposure;  ///< the gradient with respect to the logarithm of each row's exposure; NULL for none
  ptrdiff_t d_exposure_stride;
} vm_counts;

typedef struct {
  /// "baseline", "avx2", "avx512" or "neon".
  const char *name;

  /// Whether the compiler was asked to optimise: without, the products here are slower than a BLAS.
  bool optimized;

  /// Floats in a vector.
  int width;

#define LOOP(result, name, parameters) result(*name) parameters;
#include "../loops.inc"
#undef LOOP
} vm_functions;

/// Asks for memory that will be read soon, so that it comes while something else is done.
static inline void vm_prefetch(const void *at, ptrdiff_t bytes) {
  for (ptrdiff_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)at + i);
}

/// For the two functions below, which are inline so that asking costs a load, and no more.
extern const vm_functions *vm_table_in_use;
extern bool vm_own_products_in_use;

/// The table in use: the best that this processor supports, unless VAE_INSTRUCTION_SET in the environment or vm_select
/// names another supported one.
static inline const vm_functions *vm_active(void) { return __atomic_load_n(&vm_table_in_use, __ATOMIC_RELAXED); }

/// Whether matrices are to be multiplied by the table in use, not by a BLAS: as VAE_PRODUCTS in the environment ("own" or
/// "openblas") or vm_select_products says, else where the table was compiled with optimisation and is not the baseline.
static inline bool vm_has_own_products(void) {
  return __atomic_load_n(&vm_own_products_in_use, __ATOMIC_RELAXED);
}

/// Puts the table of this name in use; false where this processor supports none of the name. For programs, before they
/// compute anything, or while no other thread does.
bool vm_select(const char *name);

/// Says who multiplies. To be called as vm_select.
void vm_select_products(bool own);

/// The tables that this processor supports, from the plainest to the best: index from 0; NULL past the end.
const vm_functions *vm_supported(int index);

#ifdef __cplusplus
}
#endif

#endif
