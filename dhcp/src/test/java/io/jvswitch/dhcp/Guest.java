package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Makes a DHCP client's messages for tests. Modifiers change this guest; {@link #frame} may be called again and again.
 */
final class Guest {

    final long mac;
    private final int port;
    private String ethernetSource;
    private String ethernetDestination = Frames.MAC_BROADCAST;
    private String ipSource = "0.0.0.0";
    private String ipDestination = "255.255.255.255";
    private String ciaddr = "0.0.0.0";
    private String giaddr = "0.0.0.0";
    private int flags;
    private int vlan = -1;
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();
    private int type;

    Guest(long mac, int port) {
        this.mac = mac;
        this.port = port;
        ethernetSource = MacAddress.toString(mac);
    }

    static Guest number(int number) {
        return new Guest(0x0200_0000_0000L | number, number);
    }

    Guest type(int messageType) {
        type = messageType;
        return this;
    }

    Guest discover() {
        return type(MessageType.DISCOVER);
    }

    Guest selecting(String server, String ip) {
        return type(MessageType.REQUEST)
                .address(OptionCode.SERVER_ID, server)
                .address(OptionCode.REQUESTED_ADDRESS, ip);
    }

    Guest initReboot(String ip) {
        return type(MessageType.REQUEST).address(OptionCode.REQUESTED_ADDRESS, ip);
    }

    Guest renewing(String server, String ip) {
        ipDestination = server;
        ipSource = ip;
        ciaddr = ip;
        return type(MessageType.REQUEST);
    }

    Guest rebinding(String ip) {
        ipSource = ip;
        ciaddr = ip;
        return type(MessageType.REQUEST);
    }

    Guest decline(String server, String ip) {
        return type(MessageType.DECLINE)
                .address(OptionCode.SERVER_ID, server)
                .address(OptionCode.REQUESTED_ADDRESS, ip);
    }

    Guest release(String server, String ip) {
        ipDestination = server;
        ipSource = ip;
        ciaddr = ip;
        return type(MessageType.RELEASE).address(OptionCode.SERVER_ID, server);
    }

    Guest inform(String ip) {
        ipSource = ip;
        ciaddr = ip;
        return type(MessageType.INFORM);
    }

    Guest ciaddr(String ip) {
        ciaddr = ip;
        return this;
    }

    Guest relayed(String relay, String relayMac) {
        giaddr = relay;
        ipSource = relay;
        ethernetSource = relayMac;
        return this;
    }

    Guest broadcastFlag() {
        flags = DhcpMessage.FLAG_BROADCAST;
        return this;
    }

    Guest ethernetSource(String source) {
        ethernetSource = source;
        return this;
    }

    Guest ipDestination(String destination) {
        ipDestination = destination;
        return this;
    }

    Guest vlan(int vid) {
        vlan = vid;
        return this;
    }

    Guest option(int code, byte... value) {
        options.write(code);
        options.write(value.length);
        options.writeBytes(value);
        return this;
    }

    Guest option(int code, String hex) {
        return option(code, Hex.bytes(hex));
    }

    Guest address(int code, String ip) {
        return option(
                code, ByteBuffer.allocate(4).putInt(IpAddress.parse(ip).ipv4()).array());
    }

    Guest asksFor(int... codes) {
        byte[] list = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            list[i] = (byte) codes[i];
        }
        return option(OptionCode.PARAMETER_LIST, list);
    }

    Guest clientId(String hex) {
        return option(OptionCode.CLIENT_ID, hex);
    }

    /** The DHCP message alone. */
    byte[] message() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer fixed = ByteBuffer.allocate(DhcpMessage.BYTES);
        fixed.put(0, (byte) DhcpMessage.OP_REQUEST).put(1, (byte) 1).put(2, (byte) 6);
        fixed.putInt(4, (int) mac * 31);
        fixed.putShort(10, (short) flags);
        fixed.putInt(12, IpAddress.parse(ciaddr).ipv4());
        fixed.putInt(24, IpAddress.parse(giaddr).ipv4());
        fixed.putShort(28, (short) (mac >>> 32)).putInt(30, (int) mac);
        fixed.putInt(DhcpMessage.FIXED_BYTES, DhcpMessage.MAGIC_COOKIE);
        all.writeBytes(fixed.array());
        if (type != 0) {
            all.writeBytes(new byte[] {OptionCode.MESSAGE_TYPE, 1, (byte) type});
        }
        all.writeBytes(options.toByteArray());
        all.write(OptionCode.END);
        return all.toByteArray();
    }

    FrameBuilder builder() {
        return builder(message());
    }

    /** The headers of this guest's messages around another. */
    FrameBuilder builder(byte[] message) {
        FrameBuilder builder = Frames.ethernet(ethernetSource, ethernetDestination);
        if (vlan >= 0) {
            builder.vlan(vlan);
        }
        return builder.ipv4(ipSource, ipDestination)
                .udp(DhcpMessage.CLIENT_PORT, DhcpMessage.SERVER_PORT)
                .payload(message);
    }

    /** The message in a frame with room for a reply, as it would come from the guest's port. */
    Frame frame() {
        return frame(builder().bytes(), port);
    }

    static Frame frame(byte[] bytes, int port) {
        Frame frame = Hex.frame(bytes, 1500);
        frame.setInPort(port);
        if (bytes.length >= EthernetHeader.BYTES) {
            frame.setLayers(frame.start() + EthernetHeader.BYTES, 0);
        }
        return frame;
    }
}
