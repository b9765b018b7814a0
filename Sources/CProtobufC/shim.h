#ifndef MARTLET_CPROTOBUFC_SHIM_H
#define MARTLET_CPROTOBUFC_SHIM_H
#include <protobuf-c/protobuf-c.h>
#endif
