fuzz_target(base http1)
