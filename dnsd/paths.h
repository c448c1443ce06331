/* paths.h - where things are unless somebody says otherwise. */
#ifndef DNSD_PATHS_H
#define DNSD_PATHS_H

#define DNSD_CONFIG_PATH  "/etc/s3pool/dnsd.yaml"
#define DNSD_CONTROL_PATH "/run/s3pool/dnsd.sock"
#define DNSD_STATE_PATH   "/var/lib/s3pool/dnsd.state"

#endif
