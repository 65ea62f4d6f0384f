/* Checksums (RFC 1071) and header offsets, as the pump needs them. */
#ifndef JVSWITCH_BENCH_INET_H
#define JVSWITCH_BENCH_INET_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    ETHERNET_BYTES = 14,
    VLAN_BYTES = 4,
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    TCP_BYTES = 20,
    UDP_BYTES = 8,
    TCP_FIN = 0x01,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_CWR = 0x80,
};

static inline uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline void put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static inline void put32(uint8_t *at, uint32_t value)
{
    put16(at, (uint16_t)(value >> 16));
    put16(at + 2, (uint16_t)value);
}

/*
 * Sum in the machine's byte order, which the compiler makes vector instructions of: words of 32 bits into sums of 64 can not
 * overflow here. An odd last byte counts as the first of a pair, so only the last piece of a sum may be odd.
 */
static inline uint64_t sum(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    uint64_t total = 0;
    size_t words = length / 4;
    for (size_t i = 0; i < words; i++) {
        uint32_t word;
        memcpy(&word, at + 4 * i, 4);
        total += word;
    }
    at += 4 * words;
    if (length & 2) {
        uint16_t word;
        memcpy(&word, at, 2);
        total += word;
        at += 2;
    }
    if (length & 1)
        total += *at;
    return total;
}

/* Folds to 16 bits, not complemented; still in the machine's byte order. */
static inline uint16_t fold(uint64_t total)
{
    total = (total & 0xffffffff) + (total >> 32);
    total = (total & 0xffffffff) + (total >> 32);
    total = (total & 0xffff) + (total >> 16);
    total = (total & 0xffff) + (total >> 16);
    return (uint16_t)total;
}

static inline void store_sum(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, 2);
}

/* Where the headers of a frame lie; TCP or UDP over IPv4 or IPv6 without extension headers, else `protocol` is 0. */
struct layout {
    unsigned l3;
    unsigned l4;
    unsigned payload;
    unsigned end;
    bool ipv6;
    uint8_t protocol;
};

static inline struct layout look(const uint8_t *frame, size_t length)
{
    struct layout layout = {.l3 = ETHERNET_BYTES};
    if (length < ETHERNET_BYTES + VLAN_BYTES)
        return layout;
    unsigned type = get16(frame + 12);
    if (type == 0x8100) {
        type = get16(frame + 16);
        layout.l3 += VLAN_BYTES;
    }
    const uint8_t *ip = frame + layout.l3;
    uint8_t protocol;
    if (type == 0x0800 && length >= layout.l3 + IPV4_BYTES && ip[0] == 0x45 && (get16(ip + 6) & 0x3fff) == 0) {
        layout.l4 = layout.l3 + IPV4_BYTES;
        layout.end = layout.l3 + get16(ip + 2);
        protocol = ip[9];
    } else if (type == 0x86dd && length >= layout.l3 + IPV6_BYTES) {
        layout.ipv6 = true;
        layout.l4 = layout.l3 + IPV6_BYTES;
        layout.end = layout.l4 + get16(ip + 4);
        protocol = ip[6];
    } else {
        return layout;
    }
    if (layout.end > length)
        return layout;
    if (protocol == IPPROTO_TCP && layout.l4 + TCP_BYTES <= layout.end)
        layout.payload = layout.l4 + (frame[layout.l4 + 12] >> 4) * 4u;
    else if (protocol == IPPROTO_UDP && layout.l4 + UDP_BYTES <= layout.end)
        layout.payload = layout.l4 + UDP_BYTES;
    else
        return layout;
    if (layout.payload <= layout.end && layout.payload >= layout.l4 + (protocol == IPPROTO_TCP ? TCP_BYTES : UDP_BYTES))
        layout.protocol = protocol;
    return layout;
}

/* Sum of the pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1) for `length` bytes from the transport header on. */
static inline uint64_t pseudo_sum(const uint8_t *frame, const struct layout *layout, size_t length)
{
    const uint8_t *ip = frame + layout->l3;
    uint64_t addresses = layout->ipv6 ? sum(ip + 8, 32) : sum(ip + 12, 8);
    return addresses + htons((uint16_t)length) + htons(layout->protocol);
}

#endif
