fuzz_target(dnsd_serve tcp_stream)
