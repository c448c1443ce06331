fuzz_target(dnsd_data zone)
