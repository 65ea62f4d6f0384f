/*
 * Segment sizes of the superframes that a raw socket receives. The kernel knows them (gso_size of the sk_buff) and has
 * no way of its own to tell: so a filter program on the socket (bpf(2), BPF_PROG_TYPE_SOCKET_FILTER) notes each
 * superframe in a ring buffer just before the socket gets it, and lets every packet pass. The Java side is
 * io.jvswitch.tap.SegmentSizes.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "jvswitch.h"

#ifndef SO_ATTACH_BPF
#define SO_ATTACH_BPF 50
#endif

/* More notes than a socket's buffer holds superframes: where a note finds no room, nobody would find the packet's. */
#define RING_BYTES (1 << 20)
#define KEY_BYTES 48

struct note {
	uint32_t segment_size;
	uint32_t length; /* as the socket delivers the packet */
	uint8_t key[KEY_BYTES]; /* the packet's first bytes */
};

/* The ring puts 8 bytes of its own before each, and so a note has a cache line. */
static_assert(sizeof(struct note) == 56, "SegmentSizes.NOTE_BYTES");

/* Where the ring's parts are mapped. */
struct places {
	uint64_t consumer; /* a page: how many bytes were read, ours to write */
	uint64_t producer; /* a page: how many bytes were written */
	uint64_t notes; /* the ring, twice in a row */
	uint64_t bytes; /* from the consumer's page to the end */
};

static_assert(sizeof(struct places) == 32, "SegmentSizes.PLACES_BYTES");

static int bpf(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int open_ring(void)
{
	union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = RING_BYTES };

	return bpf(BPF_MAP_CREATE, &attributes);
}

#define INSTRUCTION(CODE, DST, SRC, OFF, IMM) \
	{ .code = (CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (OFF), .imm = (IMM) }
#define NOTE (-(int)sizeof(struct note))

/* Returns the program, or -1. */
static int load_program(int ring)
{
	const struct bpf_insn program[] = {
		/* r6 = the packet, r2 = its segment size; what is no superframe passes */
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_6, BPF_REG_1, 0, 0),
		INSTRUCTION(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_6, offsetof(struct __sk_buff, gso_size), 0),
		INSTRUCTION(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_2, 0, 19, 0), /* to the last two */
		/* a note on the stack */
		INSTRUCTION(BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, BPF_REG_2, NOTE, 0),
		INSTRUCTION(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_6, offsetof(struct __sk_buff, len), 0),
		INSTRUCTION(BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, BPF_REG_2, NOTE + (int)offsetof(struct note, length), 0),
		/* skb_load_bytes(packet, 0, key, KEY_BYTES) */
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_6, 0, 0),
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, 0),
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_10, 0, 0),
		INSTRUCTION(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_3, 0, 0, NOTE + (int)offsetof(struct note, key)),
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_4, 0, 0, KEY_BYTES),
		INSTRUCTION(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_skb_load_bytes),
		/* ringbuf_output(ring, note, sizeof(note), BPF_RB_NO_WAKEUP) */
		INSTRUCTION(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, ring),
		INSTRUCTION(0, 0, 0, 0, 0), /* the upper half of the map's number */
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0),
		INSTRUCTION(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, NOTE),
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, sizeof(struct note)),
		INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_4, 0, 0, BPF_RB_NO_WAKEUP),
		INSTRUCTION(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ringbuf_output),
		/* without its note, a superframe would be taken for one datagram: drop it */
		INSTRUCTION(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 2, 0),
		INSTRUCTION(BPF_ALU | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0),
		INSTRUCTION(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
		/* pass, whole */
		INSTRUCTION(BPF_ALU | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, -1),
		INSTRUCTION(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uint64_t)(uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(program[0]),
		.license = (uint64_t)(uintptr_t)"Apache-2.0",
	};

	return bpf(BPF_PROG_LOAD, &attributes);
}

/* Puts the program on a socket; returns the ring's descriptor. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_segmentsWatch(JNIEnv *env, jclass type, jint fd)
{
	int ring = open_ring(), program, failure = 0;

	if (ring < 0)
		return -errno;
	program = load_program(ring);
	if (program < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof(program)) < 0)
		failure = -errno;
	if (program >= 0)
		close(program); /* the socket has it */
	if (failure) {
		close(ring);
		return failure;
	}
	return ring;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_segmentsMap(JNIEnv *env, jclass type, jint ring, jlong address)
{
	struct places *places = (struct places *)(uintptr_t)address;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = 2 * page + 2 * RING_BYTES;
	char *memory = mmap(NULL, bytes, PROT_READ, MAP_SHARED, ring, 0);

	if (memory == MAP_FAILED)
		return -errno;
	if (mmap(memory, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, ring, 0) == MAP_FAILED) {
		int failure = -errno;

		munmap(memory, bytes);
		return failure;
	}
	places->consumer = (uint64_t)(uintptr_t)memory;
	places->producer = places->consumer + page;
	places->notes = places->producer + page;
	places->bytes = bytes;
	return RING_BYTES;
}
