#include "s3node/serve/listen.h"

#include <linux/filter.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        close(fds[i]);
}

bool listen_open(const struct addr *at, size_t n, unsigned loops, int *fds, struct err *err)
{
    for (size_t i = 0; i < n * loops; i++) {
        struct addr here = at[i % n];
        if (here.port == 0 && i >= n)
            here.port = net_bound_port(fds[i % n]);
        fds[i] = net_listen_tcp(&here, LISTEN_REUSEPORT, BACKLOG, err);
        if (fds[i] < 0) {
            close_all(fds, i);
            return false;
        }
    }
    return true;
}

void listen_hush(int fd)
{
    enum { TCP_FLAGS = 13, SYN = 0x02, SYN_ACK = 0x12 };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN_ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1), /* a SYN alone */
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    };
    struct sock_fprog program = {.len = COUNT(code), .filter = code};
    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
