#ifndef MARTLET_CPROTOBUFC_SHIM_H
#define MARTLET_CPROTOBUFC_SHIM_H
#include <protobuf-c/protobuf-c.h>

#include <stdint.h>
#include <time.h>

/* Where the stack is now. The address of a local variable wouldn't tell: the address sanitizer moves those. */
static inline uintptr_t martlet_stack_address(void) { return (uintptr_t)__builtin_frame_address(0); }

/* The system's clock, from 1970 on; enough until 2262. */
static inline int64_t martlet_nanoseconds_since_epoch(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

#ifdef __linux__
#include <pthread.h>
/* From glibc and musl, which show it only to programs that define _GNU_SOURCE. */
extern int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
#endif
#endif
