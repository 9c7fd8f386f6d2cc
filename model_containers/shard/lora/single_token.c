/* One decode step of many adapters: y[s] += (x[s] A[s]^T) B[s], where A[s] and B[s] are rank rows of the pools, read
 * where they lie. One token a sequence, so every weight is used once: the loop is bound by memory, and a gather before
 * it, or one matrix library call a sequence, would cost more than the product. Plain C that compilers vectorise.
 *
 * x (batch, in), y (batch, out), a (rows, in), b (rows, out); sequence s owns rows[starts[s] .. starts[s + 1]).
 * sum: room for `out` floats. Sums are kept in single precision whatever the weights are.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
/* Chosen when the library is loaded, so that an image may be built on another machine. */
#define FOR_EACH_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_CPU
#endif

static inline float from_float32(float value) { return value; }
static inline float to_float32(float value) { return value; }

static inline float from_bfloat16(uint16_t value) {
    uint32_t wide = (uint32_t)value << 16;
    float result;
    memcpy(&result, &wide, sizeof result);
    return result;
}

/* Rounded to the nearest, halves to even; not a number stays one. */
static inline uint16_t to_bfloat16(float value) {
    uint32_t wide;
    memcpy(&wide, &value, sizeof wide);
    uint16_t rounded = (uint16_t)((wide + 0x7fffu + ((wide >> 16) & 1u)) >> 16);
    return (wide & 0x7fffffffu) > 0x7f800000u ? (uint16_t)0x7fc0u : rounded;
}

/* Rows lie anywhere, so the processor's own prefetcher starts anew with each of them. */
static inline void expect(const void *row, int64_t bytes) {
#ifdef __GNUC__
    for (int64_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)row + i);
#endif
}

#define ADD(NAME, T)                                                                                                   \
    FOR_EACH_CPU void add_##NAME(const T *restrict x, T *restrict y, const T *restrict a, const T *restrict b,         \
                                 const int32_t *restrict starts, const int32_t *restrict rows, int64_t batch,          \
                                 int64_t in, int64_t out, float *restrict sum) {                                       \
        const int64_t last = starts[batch];                                                                            \
        for (int64_t s = 0; s < batch; s++) {                                                                          \
            int64_t k = starts[s], end = starts[s + 1];                                                                \
            const T *xs = x + s * in;                                                                                  \
            T *ys = y + s * out;                                                                                       \
            if (k == end) continue;                                                                                    \
            for (int64_t o = 0; o < out; o++) sum[o] = from_##NAME(ys[o]);                                             \
            for (; k + 3 < end; k += 4) {                                                                              \
                const T *a0 = a + rows[k] * in, *a1 = a + rows[k + 1] * in;                                            \
                const T *a2 = a + rows[k + 2] * in, *a3 = a + rows[k + 3] * in;                                        \
                const T *b0 = b + rows[k] * out, *b1 = b + rows[k + 1] * out;                                          \
                const T *b2 = b + rows[k + 2] * out, *b3 = b + rows[k + 3] * out;                                      \
                expect(b0, out * (int64_t)sizeof(T)), expect(b1, out * (int64_t)sizeof(T));                            \
                expect(b2, out * (int64_t)sizeof(T)), expect(b3, out * (int64_t)sizeof(T));                            \
                for (int64_t n = k + 4; n < k + 8 && n < last; n++) expect(a + rows[n] * in, in * (int64_t)sizeof(T)); \
                float u0 = 0, u1 = 0, u2 = 0, u3 = 0;                                                                  \
                for (int64_t i = 0; i < in; i++) {                                                                     \
                    float v = from_##NAME(xs[i]);                                                                      \
                    u0 += v * from_##NAME(a0[i]);                                                                      \
                    u1 += v * from_##NAME(a1[i]);                                                                      \
                    u2 += v * from_##NAME(a2[i]);                                                                      \
                    u3 += v * from_##NAME(a3[i]);                                                                      \
                }                                                                                                      \
                for (int64_t o = 0; o < out; o++)                                                                      \
                    sum[o] += u0 * from_##NAME(b0[o]) + u1 * from_##NAME(b1[o]) + u2 * from_##NAME(b2[o]) +            \
                              u3 * from_##NAME(b3[o]);                                                                 \
            }                                                                                                          \
            for (; k < end; k++) {                                                                                     \
                const T *a0 = a + rows[k] * in, *b0 = b + rows[k] * out;                                               \
                float u0 = 0;                                                                                          \
                for (int64_t i = 0; i < in; i++) u0 += from_##NAME(xs[i]) * from_##NAME(a0[i]);                        \
                for (int64_t o = 0; o < out; o++) sum[o] += u0 * from_##NAME(b0[o]);                                   \
            }                                                                                                          \
            for (int64_t o = 0; o < out; o++) ys[o] = to_##NAME(sum[o]);                                               \
        }                                                                                                              \
    }

ADD(float32, float)
ADD(bfloat16, uint16_t)
