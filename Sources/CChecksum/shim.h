/* The processor's own instruction for CRC-32C, where it has one. Only a C compiler can be told to
 * use it in one function of a program that is built for processors without it. */
#include <stddef.h>

#if defined(__x86_64__)

static inline int tl_has_crc32c(void) {
    unsigned int a = 1, b, c = 0, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (c >> 20) & 1; /* SSE4.2 */
}

static inline __attribute__((target("sse4.2"))) unsigned int tl_crc32c(
    unsigned int crc, const unsigned char *bytes, size_t count) {
    unsigned long long sum = crc, word;
    for (; count >= 8; count -= 8, bytes += 8) {
        __builtin_memcpy(&word, bytes, 8);
        sum = __builtin_ia32_crc32di(sum, word);
    }
    for (; count > 0; count--) sum = __builtin_ia32_crc32qi((unsigned int)sum, *bytes++);
    return (unsigned int)sum;
}

#else

static inline int tl_has_crc32c(void) { return 0; }

static inline unsigned int tl_crc32c(
    unsigned int crc, const unsigned char *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return crc;
}

#endif
