#include <nghttp2/nghttp2.h>

/* Limits against floods that Debian has patched into 1.52 and others got later: used where the library has them. */
void nghttp2_option_set_stream_reset_rate_limit(nghttp2_option *option, uint64_t burst, uint64_t rate)
    __attribute__((weak));
void nghttp2_option_set_max_continuations(nghttp2_option *option, size_t count) __attribute__((weak));

/* `rate`: resets by the peer each second, of which it can save `burst`. */
static inline void martlet_option_limit_stream_resets(nghttp2_option *option, uint64_t burst, uint64_t rate) {
  if (nghttp2_option_set_stream_reset_rate_limit) nghttp2_option_set_stream_reset_rate_limit(option, burst, rate);
}

static inline void martlet_option_limit_continuations(nghttp2_option *option, size_t count) {
  if (nghttp2_option_set_max_continuations) nghttp2_option_set_max_continuations(option, count);
}
