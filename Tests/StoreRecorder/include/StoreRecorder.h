#ifndef STORE_RECORDER_H
#define STORE_RECORDER_H

#include <stdint.h>

/// The head of one entry of a recording, in the byte order of the machine. `text_bytes` of a path
/// and `data_bytes` of data follow it.
///
/// | kind | what | fields |
/// |---|---|---|
/// | O | a file or folder was opened | file, flags (RECORDER_*), text = path |
/// | W | a write begins | file, flags, number = offset, serial, data |
/// | F | a flush begins | file, serial |
/// | E | the write or flush of a serial has ended | serial, number = result |
/// | T | a file was cut or lengthened | file, number = length |
/// | R | a file was renamed | text = old path, data = new path |
/// | U | a file was removed | text = path |
/// | M | a folder was made | file, text = path |
/// | P | a file is mapped | file |
/// | A | an answer is about to be written to a socket | file = descriptor, data |
/// | X | a call was made to fail | flags, text = path, number = monotonic nanoseconds |
struct recorder_entry {
    uint32_t kind;
    uint32_t flags;
    uint64_t serial;
    uint64_t file;
    int64_t number;
    uint32_t text_bytes;
    uint32_t data_bytes;
};

enum {
    RECORDER_CREATED = 1,
    RECORDER_EMPTIED = 2,
    RECORDER_DURABLE = 4,
    RECORDER_FOLDER = 8,
    // Of a call made to fail: it writes a meta page of LMDB.
    RECORDER_META = 16,
};

#endif
