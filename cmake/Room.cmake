# A folder is a room, a room is an OBJECT library with its own list of what it uses.
#
#   room(NAME SOURCES a.c b.c USES lower_room ... LINK lib::x ...)
#
# OBJECT libraries do not pass their objects on, so each room carries the closure of the rooms below it,
# and an executable or a unit test of a room links exactly that closure: a call upward is a link error.

function(room name)
  cmake_parse_arguments(R "" "" "SOURCES;USES;LINK" ${ARGN})
  add_library(${name} OBJECT ${R_SOURCES})
  set(closure ${name})
  foreach(lower IN LISTS R_USES)
    get_target_property(below ${lower} ROOM_CLOSURE)
    list(APPEND closure ${below})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  set_target_properties(${name} PROPERTIES ROOM_CLOSURE "${closure}" ROOM_LINK "${R_LINK}")
  target_link_libraries(${name} PRIVATE s3pool_flags ${R_LINK})
endfunction()

# room_executable(NAME SOURCES main.c ROOMS top_room ...): links the closure of the rooms.
function(room_executable name)
  cmake_parse_arguments(E "" "" "SOURCES;ROOMS;LINK" ${ARGN})
  add_executable(${name} ${E_SOURCES})
  target_link_libraries(${name} PRIVATE s3pool_flags Threads::Threads ${E_LINK})
  set(closure)
  foreach(top IN LISTS E_ROOMS)
    get_target_property(below ${top} ROOM_CLOSURE)
    list(APPEND closure ${below})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  foreach(part IN LISTS closure)
    get_target_property(libraries ${part} ROOM_LINK)
    target_link_libraries(${name} PRIVATE ${part})
    if(libraries)
      target_link_libraries(${name} PRIVATE ${libraries})
    endif()
  endforeach()
endfunction()
