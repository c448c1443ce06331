# Third-party libraries, each under one name. A room lists the names that it owns.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(s3pool_library name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
  add_library(lib::${name} ALIAS PkgConfig::${name})
endfunction()

s3pool_library(event libevent_core)
s3pool_library(event_extra libevent_extra)
s3pool_library(event_pthreads libevent_pthreads)
s3pool_library(crypto libcrypto)
s3pool_library(yaml yaml-0.1)
s3pool_library(jansson jansson)
s3pool_library(ldns ldns)
s3pool_library(xml libxml-2.0)

include(Llhttp)
