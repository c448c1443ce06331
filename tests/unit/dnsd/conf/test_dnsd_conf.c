/* dnsd/dnsd_conf: the example, the defaults, what belongs together, and what is refused. */
#include <stdlib.h>

#include "dnsd/dnsd_conf.h"
#include "probe/preset.h"
#include "tests/unit/test.h"

#define EXAMPLE SOURCE_DIR "/zones/dnsd.yaml"

struct state {
    struct arena *arena;
    struct errs errs;
    struct dnsd_conf conf;
    bool ok;
};

static void parse(struct state *s, const char *text)
{
    *s = (struct state){.arena = arena_new()};
    s->ok = dnsd_conf_parse(span_of(text), "d.yaml", &s->conf, s->arena, &s->errs);
}

static void done(struct state *s)
{
    errs_fini(&s->errs);
    arena_free(s->arena);
}

static void errors_of(const struct state *s, struct buf *out)
{
    char line[ERR_FILE + ERR_TEXT + 32];
    for (size_t i = 0; i < s->errs.n; i++)
        buf_printf(out, "%s%s", i ? "\n" : "", err_format(&s->errs.items[i], line, sizeof line));
}

static void must_parse(struct state *s, const char *text)
{
    struct buf errors = {0};
    parse(s, text);
    errors_of(s, &errors);
    if (!s->ok || s->errs.n > 0)
        fail_msg("%s", buf_cstr(&errors));
    buf_fini(&errors);
}

static void load_example(struct state *s)
{
    *s = (struct state){.arena = arena_new()};
    s->ok = dnsd_conf_load(EXAMPLE, &s->conf, s->arena, &s->errs);
    errs_print(&s->errs, stderr);
    assert_true(s->ok);
}

static void test_the_example(void **unused)
{
    (void)unused;
    struct state s;
    load_example(&s);
    const struct dnsd_conf *c = &s.conf;
    assert_int_equal(c->listen.n, 2);
    assert_int_equal(c->threads, 0);
    assert_int_equal(c->admin.port, 8053);
    assert_string_equal(c->identity, "ns1.example.com");
    assert_int_equal(c->networks.n, 1);
    const struct dnsd_zone *zone = c->zones.items;
    assert_string_equal(zone->name, "s3.example.com");
    assert_string_equal(zone->file, SOURCE_DIR "/zones/s3.example.com.zone");
    const struct dnsd_server *servers = zone->ns.items;
    assert_int_equal(zone->ns.n, 2);
    assert_string_equal(servers[1].name, "ns2");
    assert_int_equal(servers[1].addrs.n, 1);
    const struct dnsd_pool *pool = c->pools.items;
    const struct dnsd_node *nodes = pool->nodes.items;
    assert_string_equal(pool->name, "s3");
    assert_int_equal(pool->nodes.n, 3);
    assert_string_equal(nodes[0].name, "10.0.0.11");
    assert_int_equal(nodes[0].weight, 1);
    assert_string_equal(nodes[2].name, "c");
    assert_int_equal(nodes[2].addrs.n, 2);
    assert_int_equal(nodes[2].networks.n, 1);
    assert_int_equal(nodes[2].weight, 2);
    assert_string_equal(nodes[2].rack, "b");
    assert_string_equal(((const char **)pool->names.items)[1], "*.s3.example.com");
    assert_int_equal(pool->ttl_ms, 5000);
    assert_int_equal(pool->answers, 8);
    assert_int_equal(pool->policy, DNSD_BALANCED);
    assert_non_null(pool->probe.preset);
    assert_int_equal(pool->probe.port, 9000);
    assert_int_equal(pool->probe.fall, 3);
    assert_true(dnsd_load_rule(&pool->load).stop == 1536);
    assert_true(dnsd_load_rule(&pool->load).resume == 1024);
    assert_int_equal(pool->min_nodes, 2);
    done(&s);
}

static void test_the_example_shown_reads_back_the_same(void **unused)
{
    (void)unused;
    struct state first, second;
    struct buf once = {0}, twice = {0};
    load_example(&first);
    dnsd_conf_show(&first.conf, &once);
    must_parse(&second, once.p);
    dnsd_conf_show(&second.conf, &twice);
    assert_string_equal(once.p, twice.p);
    assert_non_null(strstr(once.p, "    load:\n      stop: 1536\n      resume: 1024\n"));
    const struct dnsd_pool *a = first.conf.pools.items, *b = second.conf.pools.items;
    assert_true(probe_conf_equal(&a->probe, &b->probe));
    buf_fini(&once);
    buf_fini(&twice);
    done(&first);
    done(&second);
}

#define ZONE "zones: {example.com: {ns: {ns1: 192.0.2.53}}}\n"
#define POOL "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com]}}\n"

/* What a preset filled in is shown, and must not read as a contradiction of the preset. */
static void test_every_way_to_probe_reads_back(void **unused)
{
    (void)unused;
    static const char *const probes[] = {
        "{preset: tcp, port: 80}",
        "{preset: http, port: 80, path: /health, keepalive: no, expect_status: [200, 204]}",
        "{interval: 100ms}",
    };
    for (size_t i = 0; i < COUNT(probes); i++) {
        struct state first, second;
        struct buf text = {0}, once = {0}, twice = {0};
        buf_printf(&text,
                   ZONE "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com], probe: %s}}\n",
                   probes[i]);
        must_parse(&first, text.p);
        dnsd_conf_show(&first.conf, &once);
        must_parse(&second, once.p);
        dnsd_conf_show(&second.conf, &twice);
        assert_string_equal(once.p, twice.p);
        buf_fini(&text);
        buf_fini(&once);
        buf_fini(&twice);
        done(&first);
        done(&second);
    }
}

static void test_defaults(void **unused)
{
    (void)unused;
    struct state s;
    must_parse(&s, ZONE POOL);
    char text[ADDR_TEXT];
    const struct addr *listen = s.conf.listen.items;
    assert_string_equal(addr_text(&listen[0], text), "0.0.0.0:53");
    assert_string_equal(addr_text(&listen[1], text), "[::]:53");
    assert_string_equal(addr_text(&s.conf.admin, text), "127.0.0.1:8053");
    assert_string_equal(s.conf.control, "/run/s3pool/dnsd.sock");
    assert_string_equal(s.conf.state, "/var/lib/s3pool/dnsd.state");
    assert_null(s.conf.identity);
    assert_int_equal(s.conf.inspect.n, 2);
    const struct dnsd_zone *zone = s.conf.zones.items;
    assert_string_equal(zone->contact, "hostmaster.example.com");
    assert_int_equal(zone->serial, 1);
    assert_null(zone->file);
    const struct dnsd_pool *pool = s.conf.pools.items;
    assert_int_equal(pool->ttl_ms, 5000);
    assert_int_equal(pool->ttl_min_ms, 1000);
    assert_int_equal(pool->answers, 8);
    assert_int_equal(pool->load.stop, 1536);
    assert_int_equal(pool->load.resume, 1024);
    assert_int_equal(pool->load.lead, DNSD_LEAD_AUTO);
    assert_string_equal(pool->probe.preset->name, "s3node");
    done(&s);
}

static void test_words_and_normal_forms(void **unused)
{
    (void)unused;
    struct state s;
    must_parse(&s, "admin: off\nidentity: off\nthreads: 4\ninspect: []\n"
                   "zones: {example.com.: {ns: {ns.other.net.: []}, contact: a.b.c.}}\n"
                   "pools: {s3: {nodes: [10.0.0.1], names: [S3.Example.COM.], answers: all,\n"
                   "  policy: rotate, ttl: 0, ttl_min: 0}}\n");
    assert_int_equal(s.conf.admin.family, 0);
    assert_int_equal(s.conf.threads, 4);
    assert_int_equal(s.conf.inspect.n, 0);
    const struct dnsd_zone *zone = s.conf.zones.items;
    assert_string_equal(zone->name, "example.com");
    assert_string_equal(zone->contact, "a.b.c");
    const struct dnsd_pool *pool = s.conf.pools.items;
    assert_string_equal(((const char **)pool->names.items)[0], "S3.Example.COM");
    assert_int_equal(pool->answers, 0);
    assert_int_equal(pool->policy, DNSD_ROTATE);
    done(&s);
}

static void test_secrets_are_read_and_not_shown(void **unused)
{
    (void)unused;
    struct state s;
    struct buf shown = {0};
    must_parse(&s, "cookie_secret: [0123456789abcdef0123456789abcdef, "
                   "0123456789ABCDEF0123456789ABCDEF]\n" ZONE);
    const char *const *secrets = s.conf.cookies.items;
    assert_int_equal(s.conf.cookies.n, 2);
    assert_string_equal(secrets[1], "0123456789ABCDEF0123456789ABCDEF");
    dnsd_conf_show(&s.conf, &shown);
    assert_non_null(strstr(buf_cstr(&shown), "cookie_secret: [\"***\", \"***\"]\n"));
    assert_null(strstr(buf_cstr(&shown), "0123"));
    buf_fini(&shown);
    done(&s);
}

static void test_rrl(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        int64_t rate;
    } rows[] = {{"", 500},          {"rrl: off\n", 0},         {"rrl: {rate: 7}\n", 7},
                {"rrl: {}\n", 500}, {"rrl: {rate: off}\n", 0}, {"rrl: 1000000\n", 1000000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct state s;
        struct buf text = {0};
        buf_printf(&text, "%s%s", ZONE, rows[i].text);
        must_parse(&s, text.p);
        assert_int_equal(s.conf.rrl.rate, rows[i].rate);
        buf_fini(&text);
        done(&s);
    }
}

/* `text` stands behind ZONE, so its first line is line 2. */
static const struct {
    const char *rule, *text, *want;
} wrong[] = {
    {"resume above stop",
     "pools:\n  s3:\n    nodes: [10.0.0.1]\n    names: [s3.example.com]\n"
     "    load: {stop: 10, resume: 11}\n",
     "d.yaml:6:30: pools.s3.load.resume: 11 is more than stop, 10"},
    {"a wrong stop is one error, not two",
     "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com], load: {stop: x, resume: 9999}}}\n",
     "d.yaml:2:71: pools.s3.load.stop: expected a whole number, found \"x\""},
    {"ttl_min above ttl",
     "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com], ttl: 5s, ttl_min: 6s}}\n",
     "d.yaml:2:76: pools.s3.ttl_min: is longer than ttl"},
    {"whole seconds", "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com], ttl: 1500ms}}\n",
     "d.yaml:2:63: pools.s3.ttl: a TTL has whole seconds"},
    {"no nodes", "pools: {s3: {nodes: [], names: [s3.example.com]}}\n",
     "d.yaml:2:21: pools.s3.nodes: a pool needs at least one node"},
    {"a pool that is no map is one error", "pools: {s3: 10.0.0.1}\n",
     "d.yaml:2:13: pools.s3: expected a map, found a single value"},
    {"nodes and names left out", "pools: {s3: {}}\n",
     "d.yaml:2:13: pools.s3.nodes: is missing\n"
     "d.yaml:2:13: pools.s3.names: is missing"},
    {"no names", "pools: {s3: {nodes: [10.0.0.1], names: []}}\n",
     "d.yaml:2:40: pools.s3.names: a pool needs at least one name"},
    {"a node without addresses",
     "pools: {s3: {nodes: [{name: a, address: []}], names: [s3.example.com]}}\n",
     "d.yaml:2:41: pools.s3.nodes[0].address: a node needs an address"},
    {"node names are one across the file",
     "pools:\n  a: {nodes: [{name: n, address: 10.0.0.1}], names: [a.example.com]}\n"
     "  b:\n    nodes:\n      - 10.0.0.1\n      - {name: N, address: 10.0.0.2}\n"
     "    names: [b.example.com]\n",
     "d.yaml:7:16: pools.b.nodes[1]: the node name N is already taken in line 3"},
    {"default names count too",
     "pools:\n  a: {nodes: [10.0.0.1], names: [a.example.com]}\n"
     "  b: {nodes: [10.0.0.1], names: [b.example.com]}\n",
     "d.yaml:4:15: pools.b.nodes[0]: the node name 10.0.0.1 is already taken in line 3"},
    {"an address twice in a pool is one error",
     "pools: {s3: {nodes: [10.0.0.1, 10.0.0.1], names: [s3.example.com]}}\n",
     "d.yaml:2:32: pools.s3.nodes[1]: the address 10.0.0.1 is already taken in line 2"},
    {"an address twice in a node",
     "pools: {s3: {nodes: [[10.0.0.1, 10.0.0.1]], names: [s3.example.com]}}\n",
     "d.yaml:2:33: pools.s3.nodes[0]: the address 10.0.0.1 is already taken in line 2"},
    {"names people can type",
     "pools: {s3: {nodes: [{name: a/b, address: 10.0.0.1}], names: [s3.example.com]}}\n",
     "d.yaml:2:29: pools.s3.nodes[0].name: a name has letters, digits and . _ : - only"},
    {"unknown network of a node",
     "pools: {s3: {nodes: [{address: 10.0.0.1, networks: {lab: 10.1.0.1}}],\n"
     "  names: [s3.example.com]}}\n",
     "d.yaml:2:53: pools.s3.nodes[0].networks.lab: not one of the `networks` of this file"},
    {"a name outside the zones",
     "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com, s3.example.net]}}\n",
     "d.yaml:2:57: pools.s3.names[1]: s3.example.net is in none of the `zones` of this file"},
    {"a name that only ends like a zone",
     "pools: {s3: {nodes: [10.0.0.1], names: [badexample.com]}}\n",
     "d.yaml:2:41: pools.s3.names[0]: badexample.com is in none of the `zones` of this file"},
    {"a name in two pools",
     "pools:\n  a: {nodes: [10.0.0.1], names: [s3.example.com]}\n"
     "  b: {nodes: [10.0.0.2], names: [S3.example.com]}\n",
     "d.yaml:4:34: pools.b.names[0]: the name S3.example.com is already taken in line 3"},
    {"not a domain name",
     "pools: {s3: {nodes: [10.0.0.1], names: [\"a..example.com\", \"a.*.example.com\"]}}\n",
     "d.yaml:2:41: pools.s3.names[0]: not a domain name: a..example.com\n"
     "d.yaml:2:59: pools.s3.names[1]: not a domain name: a.*.example.com"},
    {"rotate with weights",
     "pools:\n  s3:\n    nodes: [10.0.0.1, {address: 10.0.0.2, weight: 2}]\n"
     "    names: [s3.example.com]\n    policy: rotate\n",
     "d.yaml:4:51: pools.s3.nodes[1].weight: policy rotate needs equal weights; policy balanced "
     "can differ"},
    {"what the preset refuses",
     "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com], probe: {preset: s3nod}}}\n",
     "d.yaml:2:65: pools.s3.probe: unknown preset s3nod; did you mean s3node"},
    {"an unknown key of the probe",
     "pools:\n  s3:\n    nodes: [10.0.0.1]\n    names: [s3.example.com]\n    probe:\n"
     "        intervall: 1s\n",
     "d.yaml:7:9: pools.s3.probe.intervall: unknown key; did you mean \"interval\"?"},
    {"listen at nothing", "listen: []\n",
     "d.yaml:2:9: listen: needs at least one address and port"},
    {"listen at 33 addresses",
     "listen: ["
     "\"127.0.0.1:53\", \"127.0.0.2:53\", \"127.0.0.3:53\", \"127.0.0.4:53\", "
     "\"127.0.0.5:53\", \"127.0.0.6:53\", \"127.0.0.7:53\", \"127.0.0.8:53\", "
     "\"127.0.0.9:53\", \"127.0.0.10:53\", \"127.0.0.11:53\", \"127.0.0.12:53\", "
     "\"127.0.0.13:53\", \"127.0.0.14:53\", \"127.0.0.15:53\", \"127.0.0.16:53\", "
     "\"127.0.0.17:53\", \"127.0.0.18:53\", \"127.0.0.19:53\", \"127.0.0.20:53\", "
     "\"127.0.0.21:53\", \"127.0.0.22:53\", \"127.0.0.23:53\", \"127.0.0.24:53\", "
     "\"127.0.0.25:53\", \"127.0.0.26:53\", \"127.0.0.27:53\", \"127.0.0.28:53\", "
     "\"127.0.0.29:53\", \"127.0.0.30:53\", \"127.0.0.31:53\", \"127.0.0.32:53\", "
     "\"127.0.0.33:53\""
     "]\n",
     "d.yaml:2:9: listen: has 33 addresses; 32 at most"},
    {"65 threads", "threads: 65\n", "d.yaml:2:10: threads: 65 is out of range, 1..64"},
    {"listen twice", "listen: [\"[::1]:53\", \"[0::1]:53\"]\n",
     "d.yaml:2:22: listen[1]: the address [::1]:53 is already taken in line 2"},
    {"listen has no off", "listen: off\n",
     "d.yaml:2:9: listen: expected an address and port such as 127.0.0.1:53 or [::1]:53, found "
     "\"off\""},
    {"a cookie secret of 31 digits, without telling it",
     "cookie_secret: 0123456789abcdef0123456789abcde\n",
     "d.yaml:2:16: cookie_secret[0]: expected 32 hexadecimal digits, found 31 characters; "
     "`openssl rand -hex 16` makes a secret"},
    {"a cookie secret that is no number, and an empty one",
     "cookie_secret: [0123456789abcdef0123456789abcdex, \"\"]\n",
     "d.yaml:2:17: cookie_secret[0]: expected 32 hexadecimal digits, found 32 characters, not all "
     "of them hexadecimal digits; "
     "`openssl rand -hex 16` makes a secret\n"
     "d.yaml:2:51: cookie_secret[1]: expected 32 hexadecimal digits, found 0 characters; "
     "`openssl rand -hex 16` makes a secret"},
    {"three cookie secrets",
     "cookie_secret: [0123456789abcdef0123456789abcdef, 0123456789ABCDEF0123456789ABCDEF,\n"
     "  00000000000000000000000000000000]\n",
     "d.yaml:2:16: cookie_secret: has 3 secrets; 2 at most: the one in use and the one before it"},
    {"a rate of nothing", "rrl: {rate: 0}\n",
     "d.yaml:2:13: rrl.rate: 0 is out of range, 1..1000000"},
    {"a key that rrl has not", "rrl: {rates: 5}\n",
     "d.yaml:2:7: rrl.rates: unknown key; did you mean \"rate\"?"},
    {"keys of later versions", "cluster_secret: x\n",
     "d.yaml:2:1: cluster_secret: not supported in this version"},
    {"keys of pools of later versions",
     "pools: {s3: {nodes: [10.0.0.1], names: [s3.example.com], services: [], load: {from: x}}}\n",
     "d.yaml:2:58: pools.s3.services: not supported in this version\n"
     "d.yaml:2:79: pools.s3.load.from: not supported in this version"},
    {"errors of both kinds, in the order of the file",
     "pools:\n  s3:\n    nodes: []\n    names: [s3.example.net]\n    ttl: fast\n"
     "    load: {stop: 1}\ntreads: 1\n",
     "d.yaml:4:12: pools.s3.nodes: a pool needs at least one node\n"
     "d.yaml:5:13: pools.s3.names[0]: s3.example.net is in none of the `zones` of this file\n"
     "d.yaml:6:10: pools.s3.ttl: expected a duration such as 250ms, 5s, 2m or 1h, found \"fast\"\n"
     "d.yaml:7:11: pools.s3.load.resume: 1024 is more than stop, 1\n"
     "d.yaml:8:1: treads: unknown key; did you mean \"threads\"?"},
};

static void expect(const char *rule, const struct state *s, const char *want)
{
    struct buf got = {0};
    errors_of(s, &got);
    if (s->ok || strcmp(buf_cstr(&got), want) != 0)
        fail_msg("%s:\n  got  %s\n  want %s", rule, buf_cstr(&got), want);
    buf_fini(&got);
}

static void test_what_belongs_together(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct state s;
        struct buf text = {0};
        buf_printf(&text, "%s%s", ZONE, wrong[i].text);
        parse(&s, text.p);
        expect(wrong[i].rule, &s, wrong[i].want);
        buf_fini(&text);
        done(&s);
    }
}

static const struct {
    const char *rule, *text, *want;
} wrong_zones[] = {
    {"no name servers", "zones: {a.com: {}}\n",
     "d.yaml:1:16: zones.a.com.ns: a zone needs name servers, here or in its file"},
    {"a name inside without glue", "zones: {a.com: {ns: {ns1: []}}}\n",
     "d.yaml:1:22: zones.a.com.ns.ns1: a name inside the zone needs an address; a name elsewhere "
     "ends with a dot"},
    {"an absolute name with glue", "zones: {a.com: {ns: {ns.b.com.: 192.0.2.1}}}\n",
     "d.yaml:1:22: zones.a.com.ns.ns.b.com.: an absolute name gets no addresses; leave them out "
     "([]), or write the name relative to the zone, without the final dot"},
    {"a mailbox is a domain name", "zones: {a.com: {ns: {ns1: 192.0.2.1}, contact: me@a.com}}\n",
     "d.yaml:1:48: zones.a.com.contact: expected a domain name such as hostmaster.example.com, "
     "found \"me@a.com\""},
    {"not a domain name", "zones: {a_b..com: {ns: {ns1: 192.0.2.1}}}\n",
     "d.yaml:1:9: zones.a_b..com: not a domain name"},
    {"a zone twice", "zones:\n  a.com: {ns: {ns1: 192.0.2.1}}\n  A.com.: {ns: {ns1: 192.0.2.1}}\n",
     "d.yaml:3:3: zones.A.com: the zone A.com is already taken in line 2"},
    {"serial numbers have 32 bits", "zones: {a.com: {ns: {ns1: 192.0.2.1}, serial: 4294967296}}\n",
     "d.yaml:1:47: zones.a.com.serial: 4294967296 is out of range, 0..4294967295"},
    {"not YAML is one error", "zones: {a.com: [\npools: {}\n",
     "d.yaml:3:1: not YAML: while parsing a flow sequence, did not find expected ',' or ']'; a "
     "comma or the closing ] is missing"},
};

static void test_zones(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(wrong_zones); i++) {
        struct state s;
        parse(&s, wrong_zones[i].text);
        expect(wrong_zones[i].rule, &s, wrong_zones[i].want);
        done(&s);
    }
}

static void test_a_file_stands_in_for_name_servers(void **unused)
{
    (void)unused;
    struct state s;
    char *folder = realpath(".", NULL);
    struct buf want = {0};
    must_parse(&s, "zones: {a.com: {file: a.zone}, b.com: {ns: {ns1: []}, file: /etc/b.zone}}\n");
    const struct dnsd_zone *zones = s.conf.zones.items;
    buf_printf(&want, "%s/a.zone", folder);
    assert_string_equal(zones[0].file, want.p);
    assert_string_equal(zones[1].file, "/etc/b.zone");
    buf_fini(&want);
    free(folder);
    done(&s);
}

static void test_a_missing_file(void **unused)
{
    (void)unused;
    struct state s = {.arena = arena_new()};
    s.ok = dnsd_conf_load("/nowhere/dnsd.yaml", &s.conf, s.arena, &s.errs);
    expect("missing", &s, "/nowhere/dnsd.yaml: cannot read: No such file or directory");
    done(&s);
}

static void has_help(void *arg, const char *path, const struct conf_field *row)
{
    (void)arg;
    if (row->kind != CONF_LATER && (!row->help || !row->help[0]))
        fail_msg("%s has no help", path);
}

static void test_every_row_has_a_help(void **unused)
{
    (void)unused;
    conf_walk(dnsd_conf_rows, has_help, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example),
        cmocka_unit_test(test_the_example_shown_reads_back_the_same),
        cmocka_unit_test(test_every_way_to_probe_reads_back),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_words_and_normal_forms),
        cmocka_unit_test(test_rrl),
        cmocka_unit_test(test_secrets_are_read_and_not_shown),
        cmocka_unit_test(test_what_belongs_together),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_a_file_stands_in_for_name_servers),
        cmocka_unit_test(test_a_missing_file),
        cmocka_unit_test(test_every_row_has_a_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
