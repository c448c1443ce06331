# One place for the language, the warnings, the hardening and the sanitizers.
# `s3pool_flags` is linked by every room and every executable.

option(S3POOL_WERROR "Warnings are errors" OFF)
set(S3POOL_SANITIZE "" CACHE STRING "Value of -fsanitize=, empty for none")
option(S3POOL_LIBFUZZER "Link the fuzz targets with libFuzzer" OFF)
option(S3POOL_COVERAGE "Count executed lines" OFF)

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
# assert() guards broken invariants; it stays on in what users run.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")

add_library(s3pool_flags INTERFACE)
target_include_directories(s3pool_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/gen)
target_compile_definitions(s3pool_flags INTERFACE _GNU_SOURCE)
target_compile_options(s3pool_flags INTERFACE
  -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wcast-qual -Wformat=2 -Wvla -Wundef -Wwrite-strings -Wpointer-arith -Wimplicit-fallthrough
  -fno-common -fno-strict-overflow
  $<$<BOOL:${S3POOL_WERROR}>:-Werror>)

if(S3POOL_SANITIZE)
  target_compile_options(s3pool_flags INTERFACE
    -fsanitize=${S3POOL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(s3pool_flags INTERFACE -fsanitize=${S3POOL_SANITIZE})
  if(S3POOL_LIBFUZZER)
    target_compile_options(s3pool_flags INTERFACE -fsanitize=fuzzer-no-link)
  endif()
else()
  target_compile_options(s3pool_flags INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection
    $<$<CONFIG:RelWithDebInfo>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
  target_link_options(s3pool_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
target_link_options(s3pool_flags INTERFACE -pie)

if(S3POOL_COVERAGE)
  target_compile_options(s3pool_flags INTERFACE --coverage)
  target_link_options(s3pool_flags INTERFACE --coverage)
endif()
