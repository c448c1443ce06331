fuzz_target(base conf)
