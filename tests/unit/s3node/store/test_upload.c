/* Multipart uploads. */
#include <dirent.h>

#include "base/digest.h"
#include "s3node/store/upload.h"
#include "tests/unit/s3node/store/fixture.h"

enum { MIB = 1024 * 1024 };

static struct upload begin(struct fixture *f, const char *key)
{
    char *id = arena_alloc(f->arena, UPLOAD_ID_TEXT);
    assert_int_equal(upload_create(f->s, f->bucket, span_of(key), NULL, id), S3ERR_OK);
    return (struct upload){f->bucket, span_of(key), span_of(id)};
}

/* Uploads `len` bytes of `c`. @return the ETag, in the arena */
static struct span part(struct fixture *f, const struct upload *u, uint32_t number, char c,
                        size_t len)
{
    static char block[MIB];
    struct store_put *put;
    struct store_info info;
    memset(block, c, sizeof block);
    assert_int_equal(upload_part_begin(f->s, u, number, &put), S3ERR_OK);
    for (size_t rest = len; rest > 0;) {
        size_t n = rest < sizeof block ? rest : sizeof block;
        assert_int_equal(store_put_write(put, block, n), S3ERR_OK);
        rest -= n;
    }
    assert_int_equal(store_put_commit(put, &info), S3ERR_OK);
    assert_int_equal(info.size, len);
    return span_of(arena_text(f->arena, span_of(info.etag)));
}

static size_t entries_of(const char *path)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));)
        n += e->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return n;
}

static void check_body(struct fixture *f, const char *key, const char *runs, const size_t *lens)
{
    struct store_object object;
    assert_int_equal(store_get(f->s, f->bucket, span_of(key), f->arena, &object), S3ERR_OK);
    off_t at = 0;
    for (size_t i = 0; runs[i]; at += (off_t)lens[i++]) {
        char first, last;
        assert_int_equal(pread(object.fd, &first, 1, at), 1);
        assert_int_equal(pread(object.fd, &last, 1, at + (off_t)lens[i] - 1), 1);
        assert_int_equal(first, runs[i]);
        assert_int_equal(last, runs[i]);
    }
    assert_int_equal(object.info.size, at);
    close(object.fd);
}

static void parts_become_one_object(void **state)
{
    struct fixture *f = *state;
    struct store_header header = {span_of("content-type"), span_of("video/mp4")};
    struct store_meta meta = {&header, 1};
    char id[UPLOAD_ID_TEXT];
    assert_int_equal(upload_create(f->s, f->bucket, span_of("d/film"), &meta, id), S3ERR_OK);
    struct upload u = {f->bucket, span_of("d/film"), span_of(id)};
    struct span last = part(f, &u, 7, 'c', 100);
    part(f, &u, 2, 'x', 3); /* sent again below: the later one counts */
    struct span first = part(f, &u, 1, 'a', 5 * MIB);
    struct span middle = part(f, &u, 2, 'b', 6 * MIB + 1);
    assert_no_object(f, "d/film");
    const struct upload_choice chosen[] = {{1, first}, {2, middle}, {7, last}};
    struct store_info info, head;
    assert_int_equal(upload_complete(f->s, &u, chosen, 3, &info), S3ERR_OK);
    assert_int_equal(info.size, 11 * MIB + 101);
    check_body(f, "d/film", "abc", (const size_t[]){5 * MIB, 6 * MIB + 1, 100});
    /* the ETag is the MD5 of the MD5s of the parts, and their number */
    struct digest *md5 = digest_new(DIGEST_MD5);
    uint8_t raw[DIGEST_MAX];
    char hex[2 * MD5_LEN + 1];
    for (int i = 0; i < 3; i++) {
        assert_true(hex_decode(chosen[i].etag, raw, MD5_LEN));
        digest_add(md5, raw, MD5_LEN);
    }
    digest_final(md5, raw);
    digest_free(md5);
    hex_encode(raw, MD5_LEN, hex);
    assert_string_equal(info.etag, arena_printf(f->arena, "%s-3", hex));
    assert_int_equal(store_head(f->s, f->bucket, span_of("d/film"), f->arena, &head), S3ERR_OK);
    assert_string_equal(head.etag, info.etag);
    assert_true(span_is(head.meta.headers[0].value, "video/mp4"));
    assert_int_equal(entries_of(in_bucket(f, ".s3n-sys/mpu")), 0);
    assert_int_equal(entries_of(in_bucket(f, ".s3n-sys/tmp")), 0);
    /* a Complete that is repeated succeeds, until the object is another one */
    struct store_info again;
    assert_int_equal(upload_complete(f->s, &u, chosen, 3, &again), S3ERR_OK);
    assert_string_equal(again.etag, info.etag);
    put_text(f, "d/film", "another");
    assert_int_equal(upload_complete(f->s, &u, chosen, 3, &again), S3ERR_NO_SUCH_UPLOAD);
}

static void a_choice_must_fit_what_was_uploaded(void **state)
{
    struct fixture *f = *state;
    struct upload u = begin(f, "k");
    struct span big = part(f, &u, 1, 'a', 5 * MIB), small = part(f, &u, 2, 'b', 10),
                last = part(f, &u, 3, 'c', 10);
    const struct {
        struct upload_choice chosen[3];
        size_t n;
        enum s3err error;
    } cases[] = {
        {{{0, big}}, 0, S3ERR_MALFORMED_XML},
        {{{1, small}}, 1, S3ERR_INVALID_PART},
        {{{1, span_of("")}}, 1, S3ERR_INVALID_PART},
        {{{4, big}}, 1, S3ERR_INVALID_PART},
        {{{0, big}}, 1, S3ERR_INVALID_PART},
        {{{99999, big}}, 1, S3ERR_INVALID_PART},
        {{{2, small}, {1, big}}, 2, S3ERR_INVALID_PART_ORDER},
        {{{1, big}, {1, big}}, 2, S3ERR_INVALID_PART_ORDER},
        {{{1, big}, {2, small}, {3, last}}, 3, S3ERR_ENTITY_TOO_SMALL},
        {{{1, big}, {3, last}}, 2, S3ERR_OK},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(upload_complete(f->s, &u, cases[i].chosen, cases[i].n, NULL),
                         cases[i].error);
    check_body(f, "k", "ac", (const size_t[]){5 * MIB, 10});
}

static void an_upload_is_known_by_bucket_key_and_id(void **state)
{
    struct fixture *f = *state;
    struct upload u = begin(f, "k");
    assert_int_equal(store_bucket_create(f->s, span_of("other"), span_of("me")), S3ERR_OK);
    char *upper = arena_text(f->arena, u.id);
    upper[0] = 'A';
    const struct upload wrong[] = {
        {f->bucket, span_of("k2"), u.id},
        {span_of("other"), u.key, u.id},
        {f->bucket, u.key, span_of("00000000000000000000000000000000")},
        {f->bucket, u.key, span_of("../../../../../../../../etc/xxxx")},
        {f->bucket, u.key, span_of(upper)},
        {f->bucket, u.key, span_of("")},
    };
    struct upload_choice choice = {1, span_of("d41d8cd98f00b204e9800998ecf8427e")};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct store_put *put;
        struct upload_page page;
        assert_int_equal(upload_part_begin(f->s, &wrong[i], 1, &put), S3ERR_NO_SUCH_UPLOAD);
        assert_int_equal(upload_parts(f->s, &wrong[i], 0, 9, f->arena, &page),
                         S3ERR_NO_SUCH_UPLOAD);
        assert_int_equal(upload_complete(f->s, &wrong[i], &choice, 1, NULL), S3ERR_NO_SUCH_UPLOAD);
        assert_int_equal(upload_abort(f->s, &wrong[i]), S3ERR_NO_SUCH_UPLOAD);
    }
    struct store_put *put;
    assert_int_equal(upload_part_begin(f->s, &u, 0, &put), S3ERR_INVALID_PART_NUMBER);
    assert_int_equal(upload_part_begin(f->s, &u, 10001, &put), S3ERR_INVALID_PART_NUMBER);
}

static void parts_are_listed_in_pages(void **state)
{
    struct fixture *f = *state;
    struct upload u = begin(f, "k");
    struct upload_page page;
    const uint32_t numbers[] = {10000, 3, 1, 500};
    for (size_t i = 0; i < COUNT(numbers); i++)
        part(f, &u, numbers[i], 'p', numbers[i]);
    part(f, &u, 3, 'q', 33);
    assert_int_equal(upload_parts(f->s, &u, 0, 2, f->arena, &page), S3ERR_OK);
    assert_true(page.n == 2 && page.truncated);
    assert_int_equal(page.parts[0].number, 1);
    assert_int_equal(page.parts[1].number, 3);
    assert_int_equal(page.parts[1].size, 33);
    assert_int_equal(strlen(page.parts[1].etag), 32);
    assert_true(page.parts[1].mtime_ms > 1600000000000);
    assert_int_equal(upload_parts(f->s, &u, 3, 1000, f->arena, &page), S3ERR_OK);
    assert_true(page.n == 2 && !page.truncated);
    assert_int_equal(page.parts[1].number, 10000);
    assert_int_equal(upload_parts(f->s, &u, UINT32_MAX, 1000, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, 0);
}

static void an_aborted_upload_is_gone(void **state)
{
    struct fixture *f = *state;
    struct upload u = begin(f, "k");
    struct store_put *put;
    struct span etag = part(f, &u, 1, 'a', 10);
    assert_int_equal(upload_part_begin(f->s, &u, 2, &put), S3ERR_OK);
    assert_int_equal(upload_abort(f->s, &u), S3ERR_OK);
    /* a part that was on its way finds nothing to belong to */
    assert_int_equal(store_put_write(put, "x", 1), S3ERR_OK);
    assert_int_equal(store_put_commit(put, NULL), S3ERR_NO_SUCH_UPLOAD);
    struct upload_choice choice = {1, etag};
    assert_int_equal(upload_complete(f->s, &u, &choice, 1, NULL), S3ERR_NO_SUCH_UPLOAD);
    assert_int_equal(upload_abort(f->s, &u), S3ERR_NO_SUCH_UPLOAD);
    assert_int_equal(entries_of(in_bucket(f, ".s3n-sys/mpu")), 0);
    assert_int_equal(entries_of(in_bucket(f, ".s3n-sys/tmp")), 0);
}

static void unfinished_uploads_do_not_keep_a_bucket(void **state)
{
    struct fixture *f = *state;
    struct upload u = begin(f, "k");
    part(f, &u, 1, 'a', 10);
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_OK);
    assert_int_equal(upload_abort(f->s, &u), S3ERR_NO_SUCH_BUCKET);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parts_become_one_object),
        TEST(a_choice_must_fit_what_was_uploaded),
        TEST(an_upload_is_known_by_bucket_key_and_id),
        TEST(parts_are_listed_in_pages),
        TEST(an_aborted_upload_is_gone),
        TEST(unfinished_uploads_do_not_keep_a_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
