package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.dhcp.FileFailure;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.check.Finding;
import io.jvswitch.vswitchd.plan.check.SpecChecks;
import io.jvswitch.wire.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads configurations: a whole switch from a YAML file, or one port, network or host from the body of a request, which
 * is JSON (a subset of YAML 1.2) with the same keys. All errors are found in one go.
 *
 * <p>Stateless; any thread.
 */
public final class ConfigReader {

    private static final Key<String> PORT_NAME = Key.required("name", Values.PORT_NAME, "Name of the port.");
    private static final Key<String> NETWORK_NAME = Key.required("name", Values.NETWORK_NAME, "Name of the network.");
    private static final Key<String> HOST_NETWORK =
            Key.required("network", Values.NETWORK_NAME, "Name of the host's network.");

    private static final KeyTable PORT_REQUEST = FileKeys.named(PortKeys.TABLE, PORT_NAME);
    private static final KeyTable NETWORK_REQUEST = FileKeys.named(NetworkKeys.TABLE, NETWORK_NAME);
    private static final KeyTable HOST_REQUEST = FileKeys.named(NetworkKeys.HOST_TABLE, HOST_NETWORK);

    private static final Key<IpAddress> REMOTE_IP =
            Key.required("ip", Values.UNICAST_IP, "A VTEP that gets a copy of what is flooded.");
    private static final KeyTable REMOTE_REQUEST = new KeyTable("remote", "A VTEP.", List.of(REMOTE_IP));

    private ConfigReader() {}

    /** A host and the network that it is to join. */
    public record NetworkHost(String network, HostSpec host) {}

    /**
     * Reads a switch's configuration file.
     *
     * @throws ConfigException with every error, also when the file cannot be read
     */
    public static SwitchSpec read(Path file) throws ConfigException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(YamlTree.MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "does not exist: expected a configuration file");
        } catch (IOException e) {
            throw unreadable(file, "cannot be read: " + FileFailure.reason(e));
        }
        if (bytes.length > YamlTree.MAX_BYTES) {
            throw unreadable(file, "too large: expected at most " + (YamlTree.MAX_BYTES >> 20) + " MiB");
        }
        try {
            return read(
                    file.toString(),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw unreadable(file, "not text: expected UTF-8");
        }
    }

    private static ConfigException unreadable(Path file, String message) {
        return new ConfigException(List.of(new ConfigError(file.toString(), 1, 1, "", null, message)));
    }

    /**
     * Reads a switch's configuration.
     *
     * @param label name of the file in messages
     * @throws ConfigException with every error
     */
    public static SwitchSpec read(String label, String text) throws ConfigException {
        Problems problems = new Problems(label);
        Section file = document(problems, text, FileKeys.TABLE);
        SwitchSpec spec = FileKeys.read(file, problems);
        for (Finding finding : SpecChecks.check(spec)) {
            problems.report(finding);
        }
        return finish(problems, spec);
    }

    /**
     * Reads a port from a request: {@code name} beside the keys of a port.
     *
     * @throws ConfigException with every error of the port by itself; how it fits the switch is not known here
     */
    public static PortSpec readPort(String text) throws ConfigException {
        Problems problems = new Problems("request");
        Section section = document(problems, text, PORT_REQUEST);
        return finish(problems, PortKeys.read(section, section.require(PORT_NAME, "")));
    }

    /**
     * Reads a network from a request: {@code name} beside the keys of a network.
     *
     * @throws ConfigException with every error of the network by itself; how it fits the switch is not known here
     */
    public static NetworkSpec readNetwork(String text) throws ConfigException {
        Problems problems = new Problems("request");
        Section section = document(problems, text, NETWORK_REQUEST);
        return finish(problems, NetworkKeys.read(section, section.require(NETWORK_NAME, "")));
    }

    /**
     * Reads a host from a request: {@code network} beside the keys of a host.
     *
     * @throws ConfigException with every error of the host by itself; how it fits the switch is not known here
     */
    public static NetworkHost readHost(String text) throws ConfigException {
        Problems problems = new Problems("request");
        Section section = document(problems, text, HOST_REQUEST);
        return finish(problems, new NetworkHost(section.require(HOST_NETWORK, ""), NetworkKeys.readHost(section)));
    }

    /**
     * Reads a VTEP for a flood list from a request: {@code ip}.
     *
     * @throws ConfigException with every error of the address by itself
     */
    public static IpAddress readRemote(String text) throws ConfigException {
        Problems problems = new Problems("request");
        Section section = document(problems, text, REMOTE_REQUEST);
        return finish(problems, section.require(REMOTE_IP, new IpAddress(0, 0)));
    }

    private static Section document(Problems problems, String text, KeyTable table) throws ConfigException {
        YamlNode root = YamlTree.parse(text, problems);
        if (!problems.errors().isEmpty()) {
            throw new ConfigException(problems.errors());
        }
        return Section.of(problems, "", root, 1, 1, table);
    }

    private static <T> T finish(Problems problems, T spec) throws ConfigException {
        List<ConfigError> errors = problems.errors();
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return spec;
    }
}
