package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.nio.file.Path;
import java.time.Duration;

/** A VM: a namespace into which a jvswitch puts a TAP device, or where a peer has its own end. */
final class Guest implements AutoCloseable {
    private final Netns netns;
    private final String device;

    private Guest(Netns netns, String device) {
        this.netns = netns;
        this.device = device;
    }

    /**
     * Makes the namespace.
     *
     * @param device name of the device that will be there
     */
    static Guest create(String role, String device) {
        return new Guest(Netns.create(role), device);
    }

    /** A namespace of somebody else's as a guest; closing it is the owner's. */
    static Guest in(Netns netns, String device) {
        return new Guest(netns, device);
    }

    Netns netns() {
        return netns;
    }

    String device() {
        return device;
    }

    /** Waits for the device, sets it up and gives it addresses, such as {@code 10.0.0.11/24}. */
    void bringUp(String... addresses) {
        awaitDevice();
        netns.run("ip", "link", "set", device, "up");
        for (String address : addresses) {
            if (address.contains(":")) {
                netns.run("ip", "address", "add", address, "dev", device, "nodad");
            } else {
                netns.run("ip", "address", "add", address, "dev", device);
            }
        }
    }

    void awaitDevice() {
        Await.until("device " + device + " in " + netns.name(), Hypervisor.LIMIT, this::hasDevice);
    }

    boolean hasDevice() {
        return netns.tryRun("ip", "link", "show", device).status() == 0;
    }

    /** Ends the device's own chatter: no link-local address, no solicitations. Call it before {@link #bringUp}. */
    void silence() {
        netns.run(
                "sh",
                "-c",
                "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; echo 1 "
                        + ">/proc/sys/net/ipv6/conf/all/disable_ipv6");
    }

    void setMtu(int bytes) {
        netns.run("ip", "link", "set", device, "mtu", Integer.toString(bytes));
    }

    /** Pings until an answer comes: learning, ARP and duplicate address detection may take their time. */
    void awaitPing(String address) {
        Await.until(
                netns.name() + " to reach " + address,
                Hypervisor.LIMIT,
                () -> netns.tryRun("ip", "neighbour", "show").output(),
                () -> netns.tryRun("ping", "-c", "1", "-W", "1", address).status() == 0);
    }

    /** Pings a few times, quickly; every echo must be answered. */
    void ping(String address) {
        netns.run("ping", "-c", "5", "-i", "0.05", "-W", "10", address);
    }

    Programs.Outcome tryPing(String... options) {
        String[] command = new String[options.length + 1];
        command[0] = "ping";
        System.arraycopy(options, 0, command, 1, options.length);
        return netns.tryRun(command);
    }

    /** Has the kernel broadcast ARP requests for an address that nobody has. */
    void askForNobody(String address) {
        netns.tryRun("ping", "-c", "1", "-W", "0.2", address);
    }

    /**
     * Has the kernel learn a neighbour's MAC. A datagram that is sent before waits for it, and is lost when the sender
     * gives its own address up meanwhile: dhclient's RELEASE.
     */
    void awaitNeighbour(String address) {
        netns.tryRun("ping", "-c", "1", "-W", "0.2", address);
        Await.until(
                netns.name() + " to know the MAC of " + address,
                Hypervisor.LIMIT,
                () -> netns.tryRun("ip", "neighbour", "show").output(),
                () -> netns.run("ip", "neighbour", "show", address).contains("lladdr"));
    }

    /**
     * Exchanges {@code megabytes} of TCP content with a guest in both directions, in one connection, and compares every
     * byte.
     */
    void exchangeTcp(Guest server, String serverAddress, int megabytes) {
        String script = Scripts.file("talk.py").toString();
        RunningProgram listener = server.netns.start("python3", "-u", script, "serve", serverAddress);
        listener.awaitOutput("listening ", Hypervisor.LIMIT);
        String output = listener.output();
        String port = output.substring(output.indexOf("listening ") + "listening ".length())
                .strip();
        String result = netns.run("python3", "-u", script, "call", serverAddress, port, Integer.toString(megabytes));
        if (!result.contains("same both ways")) {
            throw new AssertionError(result + "\n" + listener.output());
        }
        listener.awaitEnd(Duration.ofSeconds(30));
        listener.close();
    }

    /** Sends whole Ethernet frames, given in hexadecimal, as a driver would. */
    void sendFrames(String... hexFrames) {
        Path script = Scripts.file("frames.py");
        String[] command = new String[hexFrames.length + 3];
        command[0] = "python3";
        command[1] = script.toString();
        command[2] = device;
        System.arraycopy(hexFrames, 0, command, 3, hexFrames.length);
        netns.run(command);
    }

    @Override
    public void close() {
        netns.close();
    }
}
