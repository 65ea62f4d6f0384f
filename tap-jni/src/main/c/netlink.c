/* One rtnetlink request and its answer (RFC 3549; include/uapi/linux/rtnetlink.h). */
#include <string.h>
#include <sys/socket.h>

#include "jvswitch.h"

void jvs_put_attribute(struct jvs_request *request, unsigned short type, const void *value, unsigned short size)
{
	struct rtattr *attribute =
		(struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), value, size);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

int jvs_netlink_call(int fd, struct jvs_request *request, void *answer, unsigned int capacity)
{
	const struct nlmsghdr *header = answer;
	ssize_t got;

	request->header.nlmsg_flags |= NLM_F_REQUEST;
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	do {
		got = recv(fd, answer, capacity, 0);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	if (!NLMSG_OK(header, (size_t)got))
		return -EBADMSG;
	if (header->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *error = NLMSG_DATA(header);

		return header->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) ? -EBADMSG : error->error;
	}
	return (int)header->nlmsg_len;
}
