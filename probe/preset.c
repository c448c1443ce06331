#include "probe/preset.h"

static const struct preset presets[] = {
    {.name = "s3node",
     .kind = PRESET_HTTP,
     .port = 9000,
     .keepalive = true,
     .method = "GET",
     .path = "/-/ready",
     .expect = 200,
     .load_header = "X-Node-Load",
     .state_header = "X-Node-State"},
    {.name = "http",
     .kind = PRESET_HTTP,
     .port = 80,
     .keepalive = true,
     .method = "GET",
     .path = "/",
     .expect = 200},
    {.name = "tcp", .kind = PRESET_TCP},
    {.name = "weka", .kind = PRESET_LATER},
    {.name = "minio", .kind = PRESET_LATER},
    {.name = "aistor", .kind = PRESET_LATER},
    {.name = "ozone", .kind = PRESET_LATER},
    {.name = "alluxio", .kind = PRESET_LATER},
    {.name = "s3-orchestrator", .kind = PRESET_LATER},
    {.name = "ceph-rgw", .kind = PRESET_LATER},
    {.name = "seaweedfs", .kind = PRESET_LATER},
    {.name = "garage", .kind = PRESET_LATER},
    {.name = "scality", .kind = PRESET_LATER},
    {.name = "swift-s3", .kind = PRESET_LATER},
    {.name = "versitygw", .kind = PRESET_LATER},
};

const struct preset *preset_find(struct span name)
{
    for (size_t i = 0; i < COUNT(presets); i++)
        if (span_is(name, presets[i].name))
            return &presets[i];
    return NULL;
}

const char *preset_name(const void *arg, size_t i)
{
    (void)arg;
    return i < COUNT(presets) ? presets[i].name : NULL;
}
