/* Another user than root, who may still do what a switch does: capabilities(7). */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void keep_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    memset(data, 0, sizeof data);
    static const int KEPT[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BROADCAST, CAP_IPC_LOCK, CAP_SYS_NICE};
    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++) {
        data[CAP_TO_INDEX(KEPT[i])].permitted |= CAP_TO_MASK(KEPT[i]);
        data[CAP_TO_INDEX(KEPT[i])].effective |= CAP_TO_MASK(KEPT[i]);
    }
    if (syscall(SYS_capset, &header, data) != 0) {
        fatal("cannot keep CAP_NET_ADMIN and CAP_NET_RAW (%s); start it as root", strerror(errno));
    }
}

void become_user(const char *user_and_group)
{
    char *name = format_text("%s", user_and_group);
    char *group_name = strchr(name, ':');
    if (group_name != NULL) {
        *group_name++ = '\0';
    }
    struct passwd *user = name[0] != '\0' ? getpwnam(name) : getpwuid(getuid());
    if (user == NULL) {
        fatal("user %s not found, aborting.", name);
    }
    gid_t gid = user->pw_gid;
    if (group_name != NULL && group_name[0] != '\0') {
        struct group *group = getgrnam(group_name);
        if (group == NULL) {
            fatal("unable to get group %s, aborting.", group_name);
        }
        gid = group->gr_gid;
    }
    if (prctl(PR_SET_KEEPCAPS, 1) != 0 || setresgid(gid, gid, gid) != 0 || initgroups(user->pw_name, gid) != 0
            || setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
        fatal("cannot become user %s (%s)", user_and_group, strerror(errno));
    }
    keep_capabilities();
    free(name);
}
