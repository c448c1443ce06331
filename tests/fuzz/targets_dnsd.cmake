fuzz_target(dnsd_answer query)
