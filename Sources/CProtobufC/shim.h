#ifndef MARTLET_CPROTOBUFC_SHIM_H
#define MARTLET_CPROTOBUFC_SHIM_H
#include <protobuf-c/protobuf-c.h>

#include <stdint.h>

/* Where the stack is now. The address of a local variable wouldn't tell: the address sanitizer moves those. */
static inline uintptr_t martlet_stack_address(void) { return (uintptr_t)__builtin_frame_address(0); }

#ifdef __linux__
#include <pthread.h>
/* From glibc and musl, which show it only to programs that define _GNU_SOURCE. */
extern int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
#endif
#endif
