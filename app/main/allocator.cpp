// What jemalloc is told at the start of every program of ours; MALLOC_CONF in the environment has
// the last word. Two arenas, not four per core: entities, rows and records pass from thread to
// thread, and what many arenas keep for themselves is memory twice. Freed pages go back after one
// second, not ten. benchmarks/README.md has what this is worth.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
