# llhttp: the system library where a distribution has one (Debian 13: libllhttp-dev),
# else the generated C sources that Debian 12 ships in node-llhttp.
pkg_check_modules(llhttp_system QUIET IMPORTED_TARGET libllhttp)
if(llhttp_system_FOUND)
  add_library(lib::llhttp ALIAS PkgConfig::llhttp_system)
else()
  find_path(LLHTTP_SOURCES llhttp.c PATHS /usr/share/llhttp NO_DEFAULT_PATH)
  find_path(LLHTTP_HEADERS llhttp.h PATHS /usr/share/include/llhttp NO_DEFAULT_PATH)
  if(NOT LLHTTP_SOURCES OR NOT LLHTTP_HEADERS)
    message(FATAL_ERROR "llhttp is missing: install libllhttp-dev, or node-llhttp on Debian 12; `./run deps` does it")
  endif()
  # Compiled without our warnings, as it is generated code of another project, but with the sanitizers.
  add_library(llhttp STATIC ${LLHTTP_SOURCES}/llhttp.c ${LLHTTP_SOURCES}/http.c ${LLHTTP_SOURCES}/api.c)
  target_include_directories(llhttp SYSTEM PUBLIC ${LLHTTP_HEADERS})
  target_link_libraries(llhttp PRIVATE s3pool_flags)
  target_compile_options(llhttp PRIVATE -w)
  # Before version 9 llhttp took any byte for the LF of a line end unless built strict.
  target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
  add_library(lib::llhttp ALIAS llhttp)
endif()
