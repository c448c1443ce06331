/* ops.h - the steps of the operations, for the table in op.c only. One file per family. */
#ifndef S3NODE_OP_OPS_H
#define S3NODE_OP_OPS_H

#include "s3node/op/req.h"

/* op_bucket.c */
enum s3err op_list_buckets(struct req *r);
enum s3err op_create_bucket(struct req *r);
enum s3err op_head_bucket(struct req *r);
enum s3err op_delete_bucket(struct req *r);
enum s3err op_get_location(struct req *r);
enum s3err op_get_versioning(struct req *r);

/* op_list.c */
enum s3err op_list_objects_v2(struct req *r);

/* op_put.c */
enum s3err op_put_start(struct req *r);
enum s3err op_put_take(struct req *r, struct span bytes);
enum s3err op_put_finish(struct req *r);

/* op_object.c */
enum s3err op_get_object(struct req *r);
enum s3err op_head_object(struct req *r);
enum s3err op_delete_object(struct req *r);
enum s3err op_delete_objects(struct req *r);

/* op_multipart.c */
enum s3err op_create_upload(struct req *r);
enum s3err op_part_start(struct req *r);
enum s3err op_complete_upload(struct req *r);
enum s3err op_abort_upload(struct req *r);
enum s3err op_list_parts(struct req *r);

/** `2026-11-20T09:12:03.000Z` as a text element. */
void op_xml_time(struct buf *xml, const char *tag, int64_t wall_ms);

/** The ETag in quotes as a text element. */
void op_xml_etag(struct buf *xml, const char *etag);

/** An Owner or Initiator element. */
void op_xml_owner(struct buf *xml, const char *tag, struct span who);

/** Reads a decimal query parameter of at most `max`.
 *  @param dflt  the value when it is absent
 *  @return false if it is there and not a number; greater ones become `max` */
bool op_param_number(const struct req *r, const char *name, uint32_t dflt, uint32_t max,
                     uint32_t *out);

/** What a PUT or an upload keeps with the object: Content-Type and its like, x-amz-meta-*.
 *  @return S3ERR_OK or S3ERR_METADATA_TOO_LARGE */
enum s3err op_meta(struct req *r, struct store_meta *out);

#endif
