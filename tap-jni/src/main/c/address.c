/* Addresses between the kernel's structures and two 64-bit halves. */
#include <endian.h>
#include <string.h>
#include <sys/socket.h>

#include "jvswitch.h"

#define MAPPED 0xffff00000000ULL

uint64_t jvs_mapped_low(struct in_addr address)
{
	return MAPPED | ntohl(address.s_addr);
}

void jvs_ipv6_halves(const struct in6_addr *address, uint64_t *high, uint64_t *low)
{
	uint64_t halves[2];

	memcpy(halves, address, sizeof(halves));
	*high = be64toh(halves[0]);
	*low = be64toh(halves[1]);
}

struct in6_addr jvs_ipv6(uint64_t high, uint64_t low)
{
	uint64_t halves[2] = { htobe64(high), htobe64(low) };
	struct in6_addr address;

	memcpy(&address, halves, sizeof(address));
	return address;
}

void jvs_address_halves(const union jvs_socket_address *from, uint64_t *high, uint64_t *low, uint16_t *port)
{
	if (from->any.sa_family == AF_INET) {
		*high = 0;
		*low = jvs_mapped_low(from->v4.sin_addr);
		*port = ntohs(from->v4.sin_port);
	} else {
		jvs_ipv6_halves(&from->v6.sin6_addr, high, low);
		*port = ntohs(from->v6.sin6_port);
	}
}

socklen_t jvs_socket_address(int family, uint64_t high, uint64_t low, uint16_t port,
			     union jvs_socket_address *to)
{
	int mapped = high == 0 && low >> 32 == MAPPED >> 32;

	if (mapped != (family == AF_INET))
		return 0;
	if (mapped) {
		to->v4 = (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons(port),
			.sin_addr.s_addr = htonl((uint32_t)low),
		};
		return sizeof(to->v4);
	}
	to->v6 = (struct sockaddr_in6){
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = jvs_ipv6(high, low),
	};
	return sizeof(to->v6);
}
