#include "dnsd/data/image.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rand.h"
#include "dnsd/data/image_ring.h"
#include "dnsd/wire/record.h"
#include "dnsd/wire/rrtype.h"

static uint32_t variants_for(uint32_t n)
{
    uint32_t bound = IMAGE_SETS / n;
    if (bound < IMAGE_MIN_VARIANTS)
        bound = IMAGE_MIN_VARIANTS;
    return ring_count(n) < bound ? ring_count(n) : bound;
}

/* The nodes' order, shuffled by the seed. @return a heap array of n indices */
static uint32_t *shuffled(uint32_t n, uint64_t seed)
{
    struct rand chance = {seed};
    uint32_t *order = NEW_ARRAY(uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = rand_below(&chance, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

/* Lays out one ring at `off`: n records and as many again as a window can reach over the end. */
static void add_ring(struct image *image, uint32_t ring, uint32_t off, const uint8_t *records,
                     uint32_t window)
{
    uint32_t n = image->nodes, rr_len = image->rr_len;
    struct image_set *sets = image->sets + ring * n;
    uint8_t *at = (uint8_t *)image + off;
    for (uint32_t place = 0; place < n; place++) {
        uint32_t node = ring_node(n, ring, place);
        sets[node] = (struct image_set){.off = off + place * rr_len, .count = (uint16_t)window};
        memcpy(at + place * rr_len, records + node * rr_len, rr_len);
    }
    memcpy(at + n * rr_len, at, (window - 1) * rr_len);
}

/* One record per node, in shuffled order. @return a heap array */
static uint8_t *make_records(const struct image *image, const struct addr *nodes, uint32_t ttl_s,
                             uint64_t seed)
{
    uint8_t *records = NEW_ARRAY(uint8_t, (size_t)image->nodes * image->rr_len);
    uint32_t *order = shuffled(image->nodes, seed);
    uint8_t *p = records;
    for (uint32_t i = 0; i < image->nodes; i++) {
        const struct addr *a = &nodes[order[i]];
        p = record_head(p, image->type, CLASS_IN, ttl_s, addr_ip_len(a));
        memcpy(p, a->ip, addr_ip_len(a));
        p += addr_ip_len(a);
    }
    free(order);
    return records;
}

struct image *image_build(uint16_t type, const struct addr *nodes, size_t n, size_t answers,
                          uint32_t ttl_s, uint64_t seed)
{
    assert(n >= 1 && n <= UINT16_MAX && (type == TYPE_A || type == TYPE_AAAA));
    uint32_t window =
        answers && answers < IMAGE_MAX_ANSWERS ? (uint32_t)answers : IMAGE_MAX_ANSWERS;
    if (window > n)
        window = (uint32_t)n;
    uint32_t variants = variants_for((uint32_t)n);
    uint32_t rr_len = RECORD_HEAD + (type == TYPE_A ? 4 : 16);
    uint32_t ring_len = ((uint32_t)n + window - 1) * rr_len;
    uint32_t head = (uint32_t)(sizeof(struct image) + variants * n * sizeof(struct image_set));
    uint32_t size = head + variants * ring_len;

    struct image *image = mem_alloc(1, size);
    image->size = size;
    image->type = type;
    image->rr_len = (uint16_t)rr_len;
    image->nodes = (uint16_t)n;
    image->variants = (uint16_t)variants;
    image->all = answers == 0;
    uint8_t *records = make_records(image, nodes, ttl_s, seed);
    for (uint32_t ring = 0; ring < variants; ring++)
        add_ring(image, ring, head + ring * ring_len, records, window);
    free(records);
    return image;
}
