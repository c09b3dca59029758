// The loops of the library that need the machine's vector unit: elementwise ones, and matrix products.
//
// Every function exists once in source (functions.inc) and is compiled for several instruction sets; a table of
// function pointers for the best one is chosen when the program starts. Swift reaches them through
// VAEKernels/Primitives/VectorMath.swift and nowhere else.
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

/// Layer activations, numbered as in Swift's `Activation`. Gradients are taken at the function's *value* y:
/// each f'(x) below is a function of f(x), so that the layer's input need not be kept.
enum {
  VM_IDENTITY = 0,  ///< y = x                 y' = 1
  VM_RELU = 1,      ///< y = max(x, 0)         y' = y > 0
  VM_TANH = 2,      ///< y = tanh x            y' = 1 - y^2
  VM_SIGMOID = 3,   ///< y = 1/(1 + exp -x)    y' = y (1 - y)
  VM_SOFTPLUS = 4   ///< y = log(1 + exp x)    y' = sigmoid x = 1 - exp(-y)
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
  VM_COS_2PI = 8   ///< cos(2 pi x), x in [0, 1)
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

typedef struct {
  /// "baseline", "avx2", "avx512" or "neon".
  const char *name;

  /// Whether the compiler was asked to optimise: without, the products here are slower than a BLAS.
  bool optimized;

  /// Floats in a vector.
  int width;

  /// out[i] = f(in[i]), f one of VM_EXP... In place allowed.
  void (*map)(int function, const float *in, float *out, ptrdiff_t count);

  /// C <- A B, or C += A B; C [rows, columns], A [rows, inner], B [inner, columns].
  ///
  /// With more than VM_WIDTH / 2 columns, every element is the sum over k = 0, 1, ... in this order, whatever part of a
  /// larger product it is computed in. With fewer, the order depends on `inner` alone.
  void (*multiply)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const float *a, ptrdiff_t a_stride,
                   const float *b, ptrdiff_t b_stride, float *c, ptrdiff_t c_stride, bool accumulate);

  /// The same with B given as its transpose, [columns, inner].
  void (*multiply_by_transposed)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const float *a,
                                 ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *c, ptrdiff_t c_stride,
                                 bool accumulate);

  /// The same with A given as its transpose, [inner, rows].
  void (*multiply_transposed)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const float *a, ptrdiff_t a_stride,
                              const float *b, ptrdiff_t b_stride, float *c, ptrdiff_t c_stride, bool accumulate);

  /// X <- f(X + bias) in place; X [rows, columns], bias [columns] or NULL for none.
  void (*bias_activation)(int activation, float *x, ptrdiff_t stride, const float *bias, ptrdiff_t rows,
                          ptrdiff_t columns);

  /// dX <- dX * f'(x), given y = f(x), in place.
  void (*activation_gradient)(int activation, float *dx, ptrdiff_t dx_stride, const float *y, ptrdiff_t y_stride,
                              ptrdiff_t rows, ptrdiff_t columns);

  /// sums[j] <- (accumulate ? sums[j] : 0) + sum over i of X[i, j].
  void (*column_sums)(const float *x, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, float *sums,
                      bool accumulate);

  /// sums[j] <- sum over i of (X[i, j] - center[j])^2.
  void (*squared_deviations)(const float *x, ptrdiff_t stride, const float *center, ptrdiff_t rows, ptrdiff_t columns,
                             float *sums);

  /// X[i, .] <- (offset + slope weights[i]) X[i, .].
  void (*scale_rows)(float *x, ptrdiff_t stride, const float *weights, float slope, float offset, ptrdiff_t rows,
                     ptrdiff_t columns);

  /// Bernoulli negative log-likelihood from logits a, in nats:
  ///   loss[i] = sum over j of max(a,0) - a x + log1p(exp(-|a|))
  ///   dA[i,j] = scale (sigmoid(a) - x), unless da is NULL; da may be a itself.
  /// Finite logits never give NaN: a = 1e30 gives a finite loss.
  void (*bernoulli)(const float *a, ptrdiff_t a_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows,
                    ptrdiff_t columns, float scale, float *loss, float *da, ptrdiff_t da_stride);

  /// Squared error: loss[i] = weight * sum over j of (m - x)^2 / 2;  dM[i,j] = scale * weight * (m - x), unless dm
  /// is NULL; dm may be m itself.
  void (*squared_error)(const float *m, ptrdiff_t m_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows,
                        ptrdiff_t columns, float weight, float scale, float *loss, float *dm, ptrdiff_t dm_stride);

  /// Gaussian negative log-likelihood in nats, the log-variance v = floor + log(1 + exp(a - floor)):
  ///   loss[i] = sum over j of (log 2 pi + v + (x - m)^2 exp(-v)) / 2
  ///   dM[i,j] = scale (m - x) exp(-v);  dA[i,j] = scale (1 - (x - m)^2 exp(-v)) / 2 dv/da, unless dm is NULL
  /// m and a share a stride, and so do dm and da, which may be m and a themselves.
  void (*gaussian)(const float *m, const float *a, ptrdiff_t stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows,
                   ptrdiff_t columns, float floor, float scale, float *loss, float *dm, float *da, ptrdiff_t d_stride);

  /// Categorical negative log-likelihood in nats, of pixels x in [0, 1] with `levels` levels. The logit of level k of
  /// pixel j is A[i, k columns + j]; t is the level nearest to x (levels - 1):
  ///   loss[i] = sum over j of log(sum over k of exp a_k) - a_t
  ///   dA = scale (exp a_k / sum of exp a - [k = t]), unless da is NULL; da may be a itself.
  void (*categorical)(const float *a, ptrdiff_t a_stride, const float *x, ptrdiff_t x_stride, ptrdiff_t rows,
                      ptrdiff_t columns, int levels, float scale, float *loss, float *da, ptrdiff_t da_stride);

  /// z = mu + exp(s / 2) eps. mu and s share a stride (they are halves of one matrix).
  void (*reparameterize)(const float *mu, const float *s, ptrdiff_t stride, const float *eps, ptrdiff_t eps_stride,
                         float *z, ptrdiff_t z_stride, ptrdiff_t rows, ptrdiff_t columns);

  /// dmu += dz;  ds += dz eps exp(s / 2) / 2. dmu and ds share d_stride.
  void (*reparameterize_gradient)(const float *dz, ptrdiff_t dz_stride, const float *s, ptrdiff_t stride,
                                  const float *eps, ptrdiff_t eps_stride, float *dmu, float *ds, ptrdiff_t d_stride,
                                  ptrdiff_t rows, ptrdiff_t columns);

  /// KL(N(mu, exp s) || N(0, 1)), in nats: kl[i] = sum over j of (expm1(s) - s + mu^2) / 2.
  void (*kl_divergence)(const float *mu, const float *s, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns,
                        float *kl);

  /// The same by column: sums[j] = sum over i of (expm1(s) - s + mu^2) / 2.
  void (*kl_columns)(const float *mu, const float *s, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, float *sums);

  /// dmu <- scale mu;  ds <- scale expm1(s) / 2 (overwrites).
  void (*kl_divergence_gradient)(const float *mu, const float *s, ptrdiff_t stride, float scale, float *dmu,
                                 float *ds, ptrdiff_t d_stride, ptrdiff_t rows, ptrdiff_t columns);

  /// log N(z; 0, 1) - log N(z; mu, exp s) of z = mu + exp(s / 2) eps, in nats:
  ///   ratio[i] = sum over j of (eps^2 - z^2 + s) / 2.
  void (*log_density_ratio)(const float *z, ptrdiff_t z_stride, const float *s, ptrdiff_t s_stride, const float *eps,
                            ptrdiff_t eps_stride, ptrdiff_t rows, ptrdiff_t columns, float *ratio);

  /// dz += scale weights[i] (z - posterior eps exp(-s / 2)): minus the gradient of log N(z; 0, 1), plus `posterior`
  /// times that of log N(z; mu, exp s) with mu and s held fixed.
  void (*add_log_density_gradient)(const float *z, ptrdiff_t z_stride, const float *s, ptrdiff_t s_stride,
                                   const float *eps, ptrdiff_t eps_stride, const float *weights, float scale,
                                   float posterior, float *dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t columns);

  /// One Adam step over some columns of a matrix of weights and of both moments, which share a stride; g is read only:
  ///   g' = gradient_scale g;  m <- b1 m + (1 - b1) g';  v <- b2 v + (1 - b2) g'^2;
  ///   w <- (1 - learning_rate weight_decay) w - learning_rate (m first_correction) / (sqrt(v second_correction) + epsilon)
  /// A moment that comes out subnormal becomes 0.
  void (*adam)(float *w, float *m, float *v, ptrdiff_t stride, const float *g, ptrdiff_t g_stride, ptrdiff_t rows,
               ptrdiff_t columns, const vm_adam_constants *constants);

  /// One step of gradient descent with momentum: m <- decay m + gradient_scale g;  w <- w - learning_rate m.
  void (*momentum)(float *w, float *m, ptrdiff_t stride, const float *g, ptrdiff_t g_stride, ptrdiff_t rows,
                   ptrdiff_t columns, float learning_rate, float decay, float gradient_scale);

  /// X <- scale X + Y.
  void (*add_scaled)(float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride, float scale, ptrdiff_t rows,
                     ptrdiff_t columns);

  /// X <- Y where x >= threshold, else 0.
  void (*keep_above)(float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride, float threshold, ptrdiff_t rows,
                     ptrdiff_t columns);

  /// out = byte / 255, correctly rounded.
  void (*bytes_to_floats)(const uint8_t *in, float *out, ptrdiff_t count);

  /// out = 1 where in >= threshold, else 0.
  void (*threshold_bytes)(const uint8_t *in, uint8_t threshold, float *out, ptrdiff_t count);
  void (*threshold_floats)(const float *in, float threshold, float *out, ptrdiff_t count);

  /// One row: out = 1 with probability in / 255 (in, for floats), else 0, by comparing with the uniform numbers of
  /// `example` in `stream` (u < p, so p = 0 never and p = 1 always gives 1).
  void (*bernoulli_bytes)(const uint8_t *in, float *out, ptrdiff_t count, vm_random_stream stream,
                          uint32_t example);
  void (*bernoulli_floats)(const float *in, float *out, ptrdiff_t count, vm_random_stream stream, uint32_t example);

  /// Rows of uniform numbers in [0, 1): (word >> 8) 2^-24. Row i belongs to examples[i].
  void (*uniform)(float *out, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, vm_random_stream stream,
                  const uint32_t *examples);

  /// Rows of N(0, 1) numbers by Box and Muller (1958). Words (w0, w1) of a block give elements 0 and 1, (w2, w3)
  /// elements 2 and 3: with u = ((w_even >> 8) + 1) 2^-24 in (0, 1] and t = (w_odd >> 8) 2^-24 in [0, 1),
  ///   sqrt(-2 log u) cos(2 pi t)  and  sqrt(-2 log u) sin(2 pi t).
  void (*normal)(float *out, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, vm_random_stream stream,
                 const uint32_t *examples);

  /// Sum of squares, accumulated in double.
  double (*sum_of_squares)(const float *x, ptrdiff_t count);

  /// Index of the first NaN or infinity, or -1.
  ptrdiff_t (*first_non_finite)(const float *x, ptrdiff_t count);
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
