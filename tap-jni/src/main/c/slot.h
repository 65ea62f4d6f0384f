/*
 * The burst table: an array of slots that one JNI call works through. Java fills it before the call and reads it after;
 * nothing is copied or allocated on the way. The Java side is io.jvswitch.tap.BurstTable, field for field.
 *
 * Numbers are in host order. An address is 128 bits in two halves, as a human would read the digits: high holds the first
 * eight bytes on the wire. IPv4 is ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
 */
#ifndef JVS_SLOT_H
#define JVS_SLOT_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct jvs_slot {
	uint64_t address;	/* in: first byte of the room to fill, or of the frame to send */
	uint32_t capacity;	/* in, receive: bytes that may be written at address */
	uint32_t length;	/* receive: bytes written; transmit: bytes to send */
	uint64_t remote_high;	/* receive: where from; transmit: where to */
	uint64_t remote_low;
	uint64_t local_high;	/* our own address; on transmit 0 leaves the choice to the socket */
	uint64_t local_low;
	uint16_t remote_port;
	uint16_t segment_size;	/* UDP GSO or GRO: bytes of each datagram, 0 for a single one */
	uint16_t vlan_tpid;	/* receive, JVS_TAGGED: ETH_P_8021Q or ETH_P_8021AD */
	uint16_t vlan_tci;	/* receive, JVS_TAGGED: priority, drop-eligible indicator and VLAN id */
	int32_t status;		/* transmit: -errno of the slot that stopped the burst */
	uint8_t flags;		/* receive: JVS_TRUNCATED, JVS_MALFORMED, JVS_TAGGED */
	uint8_t hops;		/* receive: TTL or hop limit of the outer IP header */
	uint8_t offset;		/* receive: bytes of outer IP header before the payload, at most 60 */
	uint8_t traffic_class;	/* of the outer IP header, DSCP and ECN */
};

/* slot.flags */
#define JVS_TRUNCATED 0x1 /* the frame was longer than the room; its end is lost */
#define JVS_MALFORMED 0x2 /* the outer IP header does not parse */
#define JVS_TAGGED 0x4 /* a VLAN tag was taken out of the frame */

static_assert(sizeof(struct jvs_slot) == 64, "BurstTable.SLOT_BYTES");
static_assert(offsetof(struct jvs_slot, address) == 0, "BurstTable.ADDRESS");
static_assert(offsetof(struct jvs_slot, capacity) == 8, "BurstTable.CAPACITY");
static_assert(offsetof(struct jvs_slot, length) == 12, "BurstTable.LENGTH");
static_assert(offsetof(struct jvs_slot, remote_high) == 16, "BurstTable.REMOTE_HIGH");
static_assert(offsetof(struct jvs_slot, remote_low) == 24, "BurstTable.REMOTE_LOW");
static_assert(offsetof(struct jvs_slot, local_high) == 32, "BurstTable.LOCAL_HIGH");
static_assert(offsetof(struct jvs_slot, local_low) == 40, "BurstTable.LOCAL_LOW");
static_assert(offsetof(struct jvs_slot, remote_port) == 48, "BurstTable.REMOTE_PORT");
static_assert(offsetof(struct jvs_slot, segment_size) == 50, "BurstTable.SEGMENT_SIZE");
static_assert(offsetof(struct jvs_slot, vlan_tpid) == 52, "BurstTable.VLAN_TPID");
static_assert(offsetof(struct jvs_slot, vlan_tci) == 54, "BurstTable.VLAN_TCI");
static_assert(offsetof(struct jvs_slot, status) == 56, "BurstTable.STATUS");
static_assert(offsetof(struct jvs_slot, flags) == 60, "BurstTable.FLAGS");
static_assert(offsetof(struct jvs_slot, hops) == 61, "BurstTable.HOPS");
static_assert(offsetof(struct jvs_slot, offset) == 62, "BurstTable.OFFSET");
static_assert(offsetof(struct jvs_slot, traffic_class) == 63, "BurstTable.TRAFFIC_CLASS");

static inline struct jvs_slot *jvs_table(int64_t address)
{
	return (struct jvs_slot *)(uintptr_t)address;
}

#endif
