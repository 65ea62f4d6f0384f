package io.jvswitch.tap;

/** The system calls that this module makes: each one's name for error messages, and the remedy when it fails. */
enum Operation {
    OPEN_NAMESPACE("open"),
    ENTER_NAMESPACE("setns"),
    OPEN_TUN("open /dev/net/tun"),
    ATTACH_TAP("TUNSETIFF"),
    TAP_NAME("TUNGETIFF"),
    TAP_NAMESPACE("TUNGETDEVNETNS"),
    TAP_VNET_HEADER("TUNSETVNETHDRSZ"),
    TAP_OFFLOAD("TUNSETOFFLOAD"),
    TAP_PERSIST("TUNSETPERSIST"),
    TAP_CARRIER("TUNSETCARRIER"),
    DUPLICATE("fcntl(F_DUPFD_CLOEXEC)"),
    OPEN_UDP("socket(SOCK_DGRAM)"),
    OPEN_RAW("socket(SOCK_RAW)"),
    OPEN_ICMP("socket(IPPROTO_ICMP)"),
    READ_ICMP("recv(IPPROTO_ICMP)"),
    BIND("bind"),
    SOCKET_NAME("getsockname"),
    SOCKET_OPTION("setsockopt"),
    SOCKET_MEMORY("getsockopt(SO_MEMINFO)"),
    OPEN_PACKET("socket(AF_PACKET)"),
    CLAIM("bind(AF_UNIX)"),
    BIND_DEVICE("bind(AF_PACKET)"),
    PROMISCUOUS("PACKET_ADD_MEMBERSHIP"),
    FANOUT("PACKET_FANOUT"),
    ADMIT("SO_ATTACH_FILTER"),
    CHECK_DEVICE("RTM_GETLINK"),
    OPEN_CONTROL("socket"),
    READ_DEVICE("SIOCGIFINDEX"),
    READ_STATISTICS("RTM_GETLINK(IFLA_STATS64)"),
    SET_MTU("SIOCSIFMTU"),
    SET_GSO_MAX("RTM_NEWLINK(IFLA_GSO_MAX_SIZE)"),
    SET_MAC("SIOCSIFHWADDR"),
    SET_UP("SIOCSIFFLAGS"),
    MOVE_DEVICE("RTM_NEWLINK(IFLA_NET_NS_FD)"),
    FIND_ROUTE("connect"),
    OPEN_NETLINK("socket(NETLINK_ROUTE)"),
    READ_NETLINK("recv(NETLINK_ROUTE)");

    private final String call;

    Operation(String call) {
        this.call = call;
    }

    String call() {
        return call;
    }

    /** The remedy for an error of this call: one sentence without its full stop. */
    String remedy(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES -> permission(errno);
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO, Errno.EBADFD -> missing();
            case Errno.EBUSY -> busy();
            case Errno.EINVAL, Errno.E2BIG -> invalid();
            case Errno.EEXIST -> "another device has that name there; choose a different one";
            case Errno.EADDRNOTAVAIL -> "no device here has that address; see 'ip address'";
            case Errno.EAFNOSUPPORT ->
                "both ends need addresses of one family; IPv6 may also be switched off on this host";
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH -> "there is no route; see 'ip route get' and add one";
            case Errno.ENETDOWN -> "the device is down; set it up: 'ip link set ... up'";
            case Errno.EMFILE -> "the process has too many open files; raise its limit (systemd: LimitNOFILE=)";
            case Errno.ENOMEM, Errno.ENOBUFS -> "the kernel is short of memory; see 'dmesg'";
            case Errno.ENOPROTOOPT, Errno.EOPNOTSUPP, Errno.ENOTTY ->
                "this kernel does not have it; a newer one is needed";
            default -> "not expected here; the kernel log ('dmesg') may say more";
        };
    }

    private String permission(int errno) {
        return switch (this) {
            case OPEN_NAMESPACE -> "the namespace of another user's process" + needs("CAP_SYS_PTRACE");
            // A plain socket needs no privilege: entering its namespace is what was refused.
            case ENTER_NAMESPACE, OPEN_CONTROL, OPEN_UDP, OPEN_NETLINK, CLAIM, CHECK_DEVICE, READ_STATISTICS ->
                "entering another network namespace" + needs("CAP_SYS_ADMIN");
            case OPEN_TUN ->
                "the user may not open /dev/net/tun: make it accessible (chmod 0666 /dev/net/tun), in a container "
                        + "also pass it in (--device /dev/net/tun)";
            case ATTACH_TAP ->
                "creating a TAP" + needs("CAP_NET_ADMIN")
                        + "; or let root create it for this user: 'ip tuntap add NAME mode tap user USER'";
            case OPEN_RAW -> "a raw socket, for GRE," + needs("CAP_NET_RAW");
            case OPEN_ICMP -> "a raw socket, for ICMP," + needs("CAP_NET_RAW");
            case OPEN_PACKET -> "a packet socket, for an existing device," + needs("CAP_NET_RAW");
            case BIND -> "a port below 1024" + needs("CAP_NET_BIND_SERVICE");
            case FIND_ROUTE -> "the host's routes or firewall prohibit it; see 'ip route get'";
            default ->
                errno == Errno.EACCES
                        ? "access was denied by the host's security policy; see 'dmesg'"
                        : "configuring a network device" + needs("CAP_NET_ADMIN");
        };
    }

    private static String needs(String capability) {
        return " needs the capability " + capability
                + ": run as root, or grant it to the service (systemd: AmbientCapabilities=" + capability
                + "; a container: --cap-add " + capability.substring("CAP_".length()) + ")";
    }

    private String missing() {
        return switch (this) {
            case OPEN_NAMESPACE -> "there is no such namespace; 'ip netns list' shows the named ones";
            case OPEN_TUN ->
                "the kernel has no TUN/TAP driver loaded: 'modprobe tun'; in a container, pass in --device "
                        + "/dev/net/tun";
            default ->
                "there is no such device in this network namespace; 'ip link' shows those that are, and it may have "
                        + "been deleted or renamed";
        };
    }

    private String busy() {
        return switch (this) {
            case ATTACH_TAP ->
                "another program has it open (QEMU, another switch): a TAP that is not multi-queue has one user; "
                        + "'ip -d link show' and 'fuser -v /dev/net/tun' show who";
            case SET_MAC -> "the device must be down for a new MAC address";
            default -> "another program is using it";
        };
    }

    private String invalid() {
        return switch (this) {
            case ENTER_NAMESPACE -> "that file is not a network namespace";
            case ATTACH_TAP ->
                "Linux takes no such name, or a device of that name is no TAP, or was made without multi_queue, or "
                        + "has all the queues it can have (256); 'ip -d link show' tells";
            case TAP_VNET_HEADER, TAP_OFFLOAD -> "this kernel's TAP driver does not know it; ask for less";
            case SET_MTU -> "the MTU is outside of what the device takes; 'ip -d link show' prints minmtu and maxmtu";
            default -> "the kernel does not take that value for this device";
        };
    }
}
