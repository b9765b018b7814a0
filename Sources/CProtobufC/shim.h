#ifndef MARTLET_CPROTOBUFC_SHIM_H
#define MARTLET_CPROTOBUFC_SHIM_H
#include <protobuf-c/protobuf-c.h>

#ifdef __linux__
#include <pthread.h>
/* From glibc and musl, which show it only to programs that define _GNU_SOURCE. */
extern int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
#endif
#endif
