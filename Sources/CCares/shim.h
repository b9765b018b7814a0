#ifndef MARTLET_CCARES_SHIM_H
#define MARTLET_CCARES_SHIM_H
#include <ares.h>
#endif
