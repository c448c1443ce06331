fuzz_target(probe load)
