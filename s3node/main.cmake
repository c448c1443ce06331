# The program. Included last by CMakeLists.txt of this folder.
room_executable(s3node SOURCES main.c ROOMS s3node_conf s3node_serve)
