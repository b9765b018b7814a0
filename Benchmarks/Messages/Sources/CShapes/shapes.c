#include "shapes.h"

#include <stdlib.h>
#include <string.h>

const ProtobufCMessageDescriptor *shapes_descriptor(const char *name)
{
    static const ProtobufCMessageDescriptor *const all[] = {
        &benchmarks__messages__v1__user__descriptor,  &benchmarks__messages__v1__user_list__descriptor,
        &benchmarks__messages__v1__order__descriptor, &benchmarks__messages__v1__blob__descriptor,
        &benchmarks__messages__v1__texts__descriptor, &benchmarks__messages__v1__numbers__descriptor,
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i]->name, name)) return all[i];
    return NULL;
}

int shapes_decode(const ProtobufCMessageDescriptor *descriptor, size_t count, const uint8_t *bytes)
{
    ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, NULL, count, bytes);
    if (!message) return 0;
    protobuf_c_message_free_unpacked(message, NULL);
    return 1;
}

static uint8_t *arena, *cursor;

static void *arena_alloc(void *unused, size_t size)
{
    (void)unused;
    size = (size + 7) & ~(size_t)7;
    if (size > (size_t)(arena + SHAPES_ARENA_BYTES - cursor)) return NULL;
    cursor += size;
    return cursor - size;
}

static void arena_free(void *unused, void *block)
{
    (void)unused;
    (void)block;
}

const ProtobufCMessage *shapes_decode_in_arena(
    const ProtobufCMessageDescriptor *descriptor, size_t count, const uint8_t *bytes)
{
    static ProtobufCAllocator allocator = {arena_alloc, arena_free, NULL};
    if (!arena) arena = malloc(SHAPES_ARENA_BYTES);
    cursor = arena;
    return protobuf_c_message_unpack(descriptor, &allocator, count, bytes);
}
