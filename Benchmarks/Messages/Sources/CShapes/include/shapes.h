#ifndef SHAPES_H
#define SHAPES_H
#include <stddef.h>
#include <stdint.h>

#include "messages.pb-c.h"

/* Numbers of bytes that the blocks of one arena may take in all; the largest message here needs 1.1 MB. */
enum { SHAPES_ARENA_BYTES = 16 << 20 };

/* The descriptor of the message with this full name; NULL where there is none. */
const ProtobufCMessageDescriptor *shapes_descriptor(const char *name);

/* Unpacks with malloc and frees again; 0 where that fails. */
int shapes_decode(const ProtobufCMessageDescriptor *descriptor, size_t count, const uint8_t *bytes);

/* Unpacks into an arena that the next call uses again; NULL where that fails. */
const ProtobufCMessage *shapes_decode_in_arena(
    const ProtobufCMessageDescriptor *descriptor, size_t count, const uint8_t *bytes);

#endif
